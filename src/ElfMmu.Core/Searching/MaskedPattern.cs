using ElfMmu.Reading;

namespace ElfMmu.Searching;

/// <summary>Bytes, of some of which only certain bits count.</summary>
internal sealed class MaskedPattern : SearchPattern
{
    private readonly byte[] _values;
    private readonly byte[]? _masks;

    /// <summary>Makes a pattern.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">The bytes.</param>
    /// <param name="masks">The bits of each that count; null for all.</param>
    /// <param name="alignment">The alignment; null for none.</param>
    public MaskedPattern(string name, byte[] values, byte[]? masks, int? alignment)
        : base(name, alignment)
    {
        if (values.Length is 0 or > MostBytes)
        {
            throw Invalid(values.Length == 0
                ? "A pattern needs at least one byte."
                : $"A pattern of {values.Length} bytes is too long; {MostBytes} bytes are the most.");
        }

        if (masks != null && Array.TrueForAll(masks, m => m == 0))
        {
            throw Invalid($"'{name}' is everywhere: a pattern needs at least one digit that isn't '?'.");
        }

        (_values, _masks) = (values, masks);
    }

    /// <summary>Reads bytes in hexadecimal with <c>?</c> for what may be anything.</summary>
    public static MaskedPattern Parse(string text, int? alignment)
    {
        var values = new List<byte>();
        var masks = new List<byte>();
        foreach (string word in text.Split(
            [' ', '\t', '\r', '\n', ',', ':'], StringSplitOptions.RemoveEmptyEntries))
        {
            string digits = word.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? word[2..] : word == "?" ? "??" : word;
            if (digits.Length % 2 != 0 || digits.Length == 0 || !digits.All(c => c == '?' || char.IsAsciiHexDigit(c)))
            {
                throw Invalid(
                    $"'{word}' in '{text}' isn't bytes: write two hexadecimal digits for each, with ? for a digit that may be anything "
                    + "(48 8b ?? 4?).");
            }

            for (int i = 0; i < digits.Length; i += 2)
            {
                values.Add((byte)((Digit(digits[i]) << 4) | Digit(digits[i + 1])));
                masks.Add((byte)((digits[i] == '?' ? 0 : 0xf0) | (digits[i + 1] == '?' ? 0 : 0x0f)));
            }
        }

        return new MaskedPattern(text, [.. values], [.. masks], alignment);

        static int Digit(char c) => c == '?' ? 0 : Convert.ToInt32(c.ToString(), 16);
    }

    /// <inheritdoc/>
    internal override IMatcher Compile(DataModel model, int mostAlignment = MostAlignment) =>
        new MaskedMatcher(_values, _masks, [], Math.Min(Alignment ?? 1, mostAlignment));
}
