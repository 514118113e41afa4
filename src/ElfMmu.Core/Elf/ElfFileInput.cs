using Microsoft.Win32.SafeHandles;

namespace ElfMmu.Elf;

/// <summary>
/// An input that is a file, opened for reading only. Read with positioned reads and not mapped: headers are small, and a
/// mapped file that shrinks under us would end the process.
/// </summary>
public sealed class ElfFileInput : IElfInput, IDisposable
{
    private readonly SafeFileHandle _handle;

    /// <summary>Opens a file; others may read it meanwhile, but not write.</summary>
    /// <param name="fullPath">A fully qualified path.</param>
    /// <exception cref="ArgumentException">The path isn't fully qualified.</exception>
    /// <exception cref="ElfMmuException"><c>FileNotFound</c>: there is no such file. <c>FileOpenFailed</c>: it can't be
    /// opened, or it is a pipe or a terminal, which can't be read at an offset.</exception>
    public ElfFileInput(string fullPath)
    {
        ArgumentNullException.ThrowIfNull(fullPath);
        if (!Path.IsPathFullyQualified(fullPath))
        {
            throw new ArgumentException("The path must be fully qualified.", nameof(fullPath));
        }

        Name = fullPath;
        try
        {
            _handle = File.OpenHandle(fullPath, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Error("FileNotFound", ErrorKind.NotFound, "there is no such file; check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Directory.Exists(fullPath)
                ? Error("FileOpenFailed", ErrorKind.InvalidArgument, "is a folder; name a file in it.", e)
                : Unreadable(e);
        }

        try
        {
            Length = (ulong)RandomAccess.GetLength(_handle);
        }
        catch (Exception e) when (e is IOException or NotSupportedException)
        {
            _handle.Dispose();
            throw Unreadable(e);
        }
    }

    /// <summary>The file's length in bytes when it was opened.</summary>
    public ulong Length { get; }

    /// <summary>The file's full path.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public void Read(ulong offset, Span<byte> destination)
    {
        if (offset > Length || (ulong)destination.Length > Length - offset)
        {
            throw ElfInputErrors.Outside(this, offset, destination.Length);
        }

        FileReading.ReadExactly(_handle, Name, offset, destination);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _handle.Dispose();

    private ElfMmuException Unreadable(Exception cause) => Error("FileOpenFailed", ErrorKind.ReadError,
        $"can't be opened for reading ({cause.Message}); check its rights and its kind.", cause);

    private ElfMmuException Error(string id, ErrorKind kind, string text, Exception cause) =>
        new(id, kind, $"{Name}: {text}", cause) { Path = Name };
}
