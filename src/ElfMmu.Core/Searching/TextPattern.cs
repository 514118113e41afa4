using System.Text;

namespace ElfMmu.Searching;

/// <summary>Makes patterns of text.</summary>
internal sealed class TextPattern : MaskedPattern
{
    private TextPattern(string name, byte[] values, byte[] masks, List<ByteChoice> choices, int? alignment)
        : base(name, values, masks, choices, alignment)
    {
    }

    /// <summary>Makes a pattern of text.</summary>
    public static TextPattern Create(string text, TextEncoding encoding, bool ignoreCase, int? alignment)
    {
        Encoding encoder = encoding switch
        {
            TextEncoding.Ascii => Encoding.GetEncoding("us-ascii", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback),
            TextEncoding.Utf16 => new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true),
            TextEncoding.Utf16BE => new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true),
            _ => new UTF8Encoding(false, throwOnInvalidBytes: true),
        };
        byte[] values;
        try
        {
            values = encoder.GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            throw Invalid($"'{text}' can't be written in {encoding}: the character at place {e.Index + 1} isn't in it.", e);
        }

        byte[] masks = new byte[values.Length];
        masks.AsSpan().Fill(0xff);
        var choices = new List<ByteChoice>();
        if (ignoreCase)
        {
            FoldCase(text, encoder, values, masks, choices);
        }

        return new TextPattern(text, values, masks, choices, alignment);
    }

    private static void FoldCase(string text, Encoding encoder, byte[] values, byte[] masks, List<ByteChoice> choices)
    {
        int at = 0;
        foreach (Rune letter in text.EnumerateRunes())
        {
            byte[] one = encoder.GetBytes(letter.ToString());
            Rune upper = Rune.ToUpperInvariant(letter);
            Rune turned = upper == letter ? Rune.ToLowerInvariant(letter) : upper;
            byte[]? other = Encode(encoder, turned);
            if (other != null && other.Length == one.Length)
            {
                int differing = 0;
                for (int i = 0; i < one.Length; i++)
                {
                    int bits = one[i] ^ other[i];
                    differing += int.PopCount(bits);
                    masks[at + i] = (byte)~bits;
                    values[at + i] &= (byte)~bits;
                }

                // With one bit of difference the mask says it all.
                if (differing > 1)
                {
                    choices.Add(new ByteChoice(at, one, other));
                }
            }

            at += one.Length;
        }
    }

    private static byte[]? Encode(Encoding encoder, Rune letter)
    {
        try
        {
            return encoder.GetBytes(letter.ToString());
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }
}
