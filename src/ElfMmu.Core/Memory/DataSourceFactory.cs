namespace ElfMmu.Memory;

/// <summary>Opens files as data sources.</summary>
public static class DataSourceFactory
{
    /// <summary>
    /// Opens a file read-only and leaves it open to other readers. Files on local disks are mapped; files anywhere else are read
    /// by system calls, because a mapped file whose disk goes away ends the whole process.
    /// </summary>
    /// <param name="path">The full path.</param>
    /// <param name="mapped">True or false to insist on one way; null to choose by the kind of drive.</param>
    /// <exception cref="ElfMmuException">
    /// <c>FileNotFound</c> or <c>FileOpenFailed</c>; the latter also for pipes, sockets and character devices, which aren't opened at all.
    /// </exception>
    public static DataSource Open(string path, bool? mapped = null)
    {
        if (FileType.Unreadable(path) is { } kind)
        {
            throw new ElfMmuException(
                "FileOpenFailed",
                ErrorKind.ReadError,
                $"'{path}' is {kind}, which can't be read at any offset. Copy what it gives to a file, and name that.")
            { Path = path };
        }

        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.Read | FileShare.Delete,
                BufferSize = 0,
                Options = FileOptions.RandomAccess,
            });
            if (stream.Length > 0 && (mapped ?? IsLocal(path)))
            {
                return new MappedDataSource(path, stream);
            }

            return new FileDataSource(path, stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            stream?.Dispose();
            bool missing = e is FileNotFoundException or DirectoryNotFoundException;
            throw new ElfMmuException(
                missing ? "FileNotFound" : "FileOpenFailed",
                missing ? ErrorKind.NotFound : ErrorKind.ReadError,
                missing ? $"There is no file '{path}'." : $"'{path}' can't be opened: {e.Message}",
                e)
            { Path = path };
        }
    }

    private static bool IsLocal(string path)
    {
        try
        {
            return new DriveInfo(path).DriveType is DriveType.Fixed or DriveType.Ram;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
