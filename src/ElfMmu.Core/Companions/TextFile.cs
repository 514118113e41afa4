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
    public static string Read(string fullPath)
    {
        try
        {
            // Files of /proc say that they are empty, and are read all the same.
            if (new FileInfo(fullPath).Length is > MostBytes and var length)
            {
                throw new ElfMmuException("TextTooLong", ErrorKind.LimitsExceeded,
                    $"'{fullPath}' has {length} bytes, and a text may have {MostBytes}. Is it a text?") { Path = fullPath };
            }

            return File.ReadAllText(fullPath);
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
}
