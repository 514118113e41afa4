using System.Text;
using System.Text.Unicode;

namespace ElfMmu.Images;

/// <summary>Reads names out of images. Whoever made one may have put anything there: what isn't plain text is no name.</summary>
internal static class ImageText
{
    /// <summary>The longest name that is read, in bytes.</summary>
    public const int MostBytes = 512;

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
        // Asked first: an exception for each of a thousand bad names of an image takes long.
        if (bytes.IsEmpty || !Utf8.IsValid(bytes))
        {
            return null;
        }

        string text = Encoding.UTF8.GetString(bytes);
        return text.Any(char.IsControl) ? null : text;
    }
}
