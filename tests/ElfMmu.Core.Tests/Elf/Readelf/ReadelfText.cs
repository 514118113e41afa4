using System.Globalization;
using System.Text;
using ElfMmu.Elf;

namespace ElfMmu.Tests.Elf.Readelf;

/// <summary>How readelf prints things, whatever they are of.</summary>
internal static class ReadelfText
{
    /// <summary>A name, control characters made visible.</summary>
    public static string Name(string name)
    {
        if (!name.AsSpan().ContainsAnyInRange('\0', '\x1f') && !name.Contains('\x7f'))
        {
            return name;
        }

        var text = new StringBuilder();
        foreach (char c in name)
        {
            // DEL is a control character too, and 0x7f + 0x40 in a byte is 0xbf, which the C locale prints as it is.
            _ = c < ' ' ? text.Append('^').Append((char)(c + 0x40)) : text.Append(c);
        }

        return text.ToString();
    }

    /// <summary>A virtual address in full width.</summary>
    public static string Address(ElfFile file, ulong value) =>
        value.ToString(file.Header.Class == ElfClass.Elf64 ? "x16" : "x8", CultureInfo.InvariantCulture);

    /// <summary>A number in hexadecimal of at least so many digits.</summary>
    public static string Hex(ulong value, int digits = 1) => value.ToString("x" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>A name without the prefix that readelf leaves out.</summary>
    public static string Without(string prefix, string name) => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
}
