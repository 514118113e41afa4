using System.Globalization;

namespace ElfMmu.Companions;

/// <summary>Numbers in tables that people and programs wrote: with 0x or without, decimal or hexadecimal.</summary>
internal static class NumberText
{
    /// <summary>Whether a text can only be meant hexadecimal though no 0x says so.</summary>
    public static bool LooksHexadecimal(string? text)
    {
        if (text == null)
        {
            return false;
        }

        ReadOnlySpan<char> digits = text.AsSpan().Trim();
        bool isFullWord = digits.Length is 8 or 16 && digits[0] == '0';
        return (isFullWord || digits.IndexOfAnyInRange('a', 'f') >= 0 || digits.IndexOfAnyInRange('A', 'F') >= 0)
            && ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);
    }

    /// <summary>Reads a number.</summary>
    /// <param name="text">The text.</param>
    /// <param name="hexadecimal">Whether digits without 0x are hexadecimal.</param>
    /// <param name="number">The number.</param>
    public static bool TryParse(string text, bool hexadecimal, out ulong number) =>
        hexadecimal && !text.AsSpan().TrimStart().StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text.AsSpan().Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : AddressText.TryParse(text, out number);
}
