using System.Runtime.InteropServices;
using System.Text;

namespace ElfMmu.Reading;

/// <summary>Makes text of bytes: finds its end, and shows what can't be a character as U+FFFD.</summary>
internal sealed class TextDecoder
{
    private readonly Encoding _encoding;
    private readonly Encoding _strict;

    /// <summary>Makes a decoder.</summary>
    /// <param name="encoding">How characters are stored.</param>
    /// <param name="order">The machine's order of bytes.</param>
    public TextDecoder(TextEncoding encoding, ByteOrder order)
    {
        bool isBig = encoding == TextEncoding.Utf16BE || (encoding == TextEncoding.Utf16 && order == ByteOrder.Big);
        UnitSize = encoding >= TextEncoding.Utf16 ? 2 : 1;
        string name = encoding switch
        {
            TextEncoding.Ascii => "us-ascii",
            TextEncoding.Latin1 => "iso-8859-1",
            TextEncoding.Utf8 => "utf-8",
            _ => isBig ? "utf-16BE" : "utf-16LE",
        };
        _encoding = Encoding.GetEncoding(name, EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("\ufffd"));
        _strict = Encoding.GetEncoding(name, EncoderFallback.ReplacementFallback, DecoderFallback.ExceptionFallback);
    }

    /// <summary>The size of the unit that a terminator is one of, in bytes: 1 or 2.</summary>
    public int UnitSize { get; }

    /// <summary>The number of bytes before a NUL character; -1 where there is none.</summary>
    public int Terminator(ReadOnlySpan<byte> bytes)
    {
        if (UnitSize == 1)
        {
            return bytes.IndexOf((byte)0);
        }

        // The order of bytes doesn't matter to zeros.
        int found = MemoryMarshal.Cast<byte, ushort>(bytes).IndexOf((ushort)0);
        return found < 0 ? -1 : found * 2;
    }

    /// <summary>The text of bytes, and whether all of them are characters.</summary>
    public (string Text, bool IsValid) Decode(ReadOnlySpan<byte> bytes)
    {
        string text = _encoding.GetString(bytes);
        return (text, !text.Contains('\ufffd', StringComparison.Ordinal) || IsValid(bytes));
    }

    private bool IsValid(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _ = _strict.GetCharCount(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
