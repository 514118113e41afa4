using System.Text;

namespace ElfMmu.Companions;

/// <summary>Whole files of text.</summary>
public static class TextFile
{
    /// <summary>The longest file that is read: what one string can hold with room to spare.</summary>
    public const long MostBytes = 1 << 29;

    /// <summary>Reads a file: UTF-8, or what its byte order mark says. O(length).</summary>
    /// <param name="fullPath">Its full path.</param>
    /// <exception cref="ElfMmuException">
    /// <c>FileNotFound</c>, <c>FileOpenFailed</c>, or <c>TextTooLong</c>: it has more than <see cref="MostBytes"/>.
    /// </exception>
    public static string Read(string fullPath) => ReadUpTo(fullPath, MostBytes);

    /// <summary>The same with another limit, of bytes where the length is known and else of characters.</summary>
    internal static string ReadUpTo(string fullPath, long most)
    {
        try
        {
            // Files of /proc, pipes and devices say that they are empty, and are read all the same, as far as a text may go.
            if (new FileInfo(fullPath).Length > most)
            {
                throw TooLong(fullPath, most);
            }

            using var reader = new StreamReader(fullPath, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
            var text = new StringBuilder();
            char[] chunk = new char[1 << 16];
            while (reader.Read(chunk) is > 0 and int count)
            {
                if (text.Length + count > most)
                {
                    throw TooLong(fullPath, most);
                }

                text.Append(chunk, 0, count);
            }

            return text.ToString();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ElfMmuException(
                "FileNotFound", ErrorKind.NotFound, $"{fullPath}: there is no such file; check the path.", e) { Path = fullPath };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ElfMmuException(
                "FileOpenFailed", ErrorKind.ReadError, $"{fullPath}: can't be read: {e.Message}", e) { Path = fullPath };
        }
    }

    private static ElfMmuException TooLong(string fullPath, long most) => new(
        "TextTooLong", ErrorKind.LimitsExceeded, $"'{fullPath}' has more than {most} bytes, which is the most a text may have. Is it a text?")
    { Path = fullPath };
}
