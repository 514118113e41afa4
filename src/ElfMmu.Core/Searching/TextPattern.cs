using System.Text;
using ElfMmu.Reading;

namespace ElfMmu.Searching;

/// <summary>Text in an encoding, in which letters may have either form.</summary>
internal sealed class TextPattern : SearchPattern
{
    private readonly string _text;
    private readonly TextEncoding _encoding;
    private readonly bool _ignoreCase;

    /// <summary>Makes a pattern.</summary>
    public TextPattern(string text, TextEncoding encoding, bool ignoreCase, int? alignment)
        : base(text, alignment)
    {
        (_text, _encoding, _ignoreCase) = (text, encoding, ignoreCase);
        byte[] bytes;
        try
        {
            bytes = Encoder(ByteOrder.Little).GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            throw Invalid($"'{text}' can't be written in {encoding}: the character at place {e.Index + 1} isn't in it.", e);
        }

        if (bytes.Length is 0 or > MostBytes)
        {
            throw Invalid(bytes.Length == 0
                ? "There is no text to search for. Give at least one character."
                : $"Text of {bytes.Length} bytes is too long; {MostBytes} bytes are the most.");
        }
    }

    /// <inheritdoc/>
    public override TextEncoding? Encoding => _encoding;

    /// <inheritdoc/>
    internal override IMatcher Compile(DataModel model, int mostAlignment = MostAlignment)
    {
        System.Text.Encoding encoder = Encoder(model.ByteOrder);
        byte[] values = encoder.GetBytes(_text);
        byte[] masks = new byte[values.Length];
        masks.AsSpan().Fill(0xff);
        var choices = new List<ByteChoice>();
        if (_ignoreCase)
        {
            FoldCase(encoder, values, masks, choices);
        }

        return new MaskedMatcher(values, masks, choices, Math.Min(Alignment ?? 1, mostAlignment));
    }

    private System.Text.Encoding Encoder(ByteOrder order) => _encoding switch
    {
        TextEncoding.Ascii => System.Text.Encoding.GetEncoding("us-ascii", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback),
        TextEncoding.Latin1 => System.Text.Encoding.GetEncoding("iso-8859-1", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback),
        TextEncoding.Utf8 => new UTF8Encoding(false, throwOnInvalidBytes: true),
        _ => new UnicodeEncoding(
            bigEndian: _encoding == TextEncoding.Utf16BE || (_encoding == TextEncoding.Utf16 && order == ByteOrder.Big),
            byteOrderMark: false,
            throwOnInvalidBytes: true),
    };

    /// <summary>Lets each letter be in either form, as far as both take the same number of bytes.</summary>
    private void FoldCase(System.Text.Encoding encoder, byte[] values, byte[] masks, List<ByteChoice> choices)
    {
        int at = 0;
        foreach (Rune letter in _text.EnumerateRunes())
        {
            byte[] one = encoder.GetBytes(letter.ToString());
            Rune upper = Rune.ToUpperInvariant(letter);
            byte[]? other = Encode(encoder, upper == letter ? Rune.ToLowerInvariant(letter) : upper);
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

    private static byte[]? Encode(System.Text.Encoding encoder, Rune letter)
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
