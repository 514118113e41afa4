using System.Globalization;

namespace ElfMmu;

/// <summary>Addresses and sizes as people type them.</summary>
public static class AddressText
{
    /// <summary>
    /// Reads an unsigned 64-bit number: <c>0x</c> and hexadecimal digits, or decimal digits. Underscores and grave accents
    /// between digits are passed over (<c>0xffff8880_00000000</c>, <c>0xffff8880`00000000</c>). A sign is refused: an address
    /// has none.
    /// </summary>
    /// <returns>False when the text is anything else, or more than 64 bits.</returns>
    public static bool TryParse(string? text, out ulong value)
    {
        value = 0;
        if (text == null)
        {
            return false;
        }

        string digits = text.Trim().Replace("_", "", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal);
        return digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
