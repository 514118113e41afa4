using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace ElfMmu.Dumps;

/// <summary>Looks values up in the VMCOREINFO text of a Linux kernel: lines of <c>KEY=value</c>.</summary>
/// <remarks>Linux, Documentation/admin-guide/kdump/vmcoreinfo.rst.</remarks>
public static class VmcoreInfo
{
    /// <summary>A line's value as text, such as that of <c>OSRELEASE</c>; null when it isn't there.</summary>
    /// <param name="text">The whole text, as a dump has it.</param>
    /// <param name="key">The key, in its exact case.</param>
    public static string? Text(ReadOnlySpan<byte> text, string key) =>
        TryFind(text, key, out ReadOnlySpan<byte> value) ? Encoding.UTF8.GetString(value) : null;

    /// <summary>A NUMBER's value, which is decimal and may be negative (reinterpreted then); null when it isn't there.</summary>
    internal static ulong? Number(ReadOnlySpan<byte> text, string key)
    {
        if (!TryFind(text, key, out ReadOnlySpan<byte> value))
        {
            return null;
        }

        return Utf8Parser.TryParse(value, out long number, out int used) && used == value.Length
            ? (ulong)number
            : ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong large) ? large : null;
    }

    /// <summary>A value that is written in hexadecimal without a prefix, such as that of <c>KERNELOFFSET</c>; null when it isn't there.</summary>
    internal static ulong? HexNumber(ReadOnlySpan<byte> text, string key) =>
        TryFind(text, key, out ReadOnlySpan<byte> value)
            && ulong.TryParse(value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number) ? number : null;

    private static bool TryFind(ReadOnlySpan<byte> text, string key, out ReadOnlySpan<byte> value)
    {
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range];
            int equals = line.IndexOf((byte)'=');
            if (equals >= 0 && Ascii.Equals(line[..equals], key))
            {
                value = line[(equals + 1)..].TrimEnd("\r\0 "u8);
                return true;
            }
        }

        value = default;
        return false;
    }
}
