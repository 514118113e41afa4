using System.Text;

namespace ElfMmu.Images;

/// <summary>Reads names out of images. Whoever made one may have put anything there: what isn't plain text is no name.</summary>
internal static class ImageText
{
    /// <summary>The longest name that is read, in bytes.</summary>
    public const int MostBytes = 512;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads a name that ends with a NUL.</summary>
    /// <returns>Null unless it is 1 to <see cref="MostBytes"/> bytes of UTF-8 without control characters.</returns>
    public static string? Read(SpaceView view, ulong address, ulong room = MostBytes + 1)
    {
        Span<byte> bytes = stackalloc byte[MostBytes + 1];
        bytes = bytes[..(int)Math.Min(room, (ulong)bytes.Length)];
        int length = view.Read(address, bytes);
        int end = bytes[..length].IndexOf((byte)0);
        return end <= 0 ? null : Clean(bytes[..end]);
    }

    /// <summary>Bytes as a name; null if they aren't plain text.</summary>
    public static string? Clean(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return null;
        }

        try
        {
            string text = Strict.GetString(bytes);
            return text.Any(char.IsControl) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
