using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace ElfMmu.Dumps;

/// <summary>Looks values up in the VMCOREINFO text of a Linux kernel: lines of <c>KEY=value</c>.</summary>
/// <remarks>Linux, Documentation/admin-guide/kdump/vmcoreinfo.rst.</remarks>
internal static class VmcoreInfo
{
    /// <summary>A NUMBER's value, which is decimal and may be negative (reinterpreted then); null when it isn't there.</summary>
    public static ulong? Number(ReadOnlySpan<byte> text, string key)
    {
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range];
            int equals = line.IndexOf((byte)'=');
            if (equals < 0 || !Ascii.Equals(line[..equals], key))
            {
                continue;
            }

            ReadOnlySpan<byte> value = line[(equals + 1)..].TrimEnd("\r\0 "u8);
            return Utf8Parser.TryParse(value, out long number, out int used) && used == value.Length
                ? (ulong)number
                : ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong large) ? large : null;
        }

        return null;
    }
}
