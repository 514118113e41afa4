using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// A file that takes what a packed file unpacks to, and vanishes whatever becomes of this process. Windows deletes it with its last handle;
/// elsewhere it has no name from the start, for .NET would delete it only when it is closed in good order, which a dump that is kept open
/// until the end isn't.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
    private const int BlockSize = 1 << 20;

    private static readonly string Variable = OperatingSystem.IsWindows() ? "TMP" : "TMPDIR";

    private readonly string _packedName;
    private FileStream? _file;

    /// <summary>Makes an empty one.</summary>
    /// <param name="packedName">The path of what is unpacked, for messages.</param>
    /// <exception cref="IOException">There is no room for it.</exception>
    /// <exception cref="UnauthorizedAccessException">The temporary folder can't be written to.</exception>
    private TemporaryFile(string packedName)
    {
        _packedName = packedName;
        string path = Path.Combine(Path.GetTempPath(), $"elfmmu-{Guid.NewGuid():n}.tmp");
        _file = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 0,
                Options = FileOptions.RandomAccess | (OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None),
            });
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                File.Delete(path);
            }
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>How many bytes are in it.</summary>
    public long Length { get; private set; }

    /// <summary>Unpacks a file; O(unpacked bytes). Blocks of zeros become holes.</summary>
    /// <param name="packed">What is unpacked.</param>
    /// <param name="opening">What is known while it is being opened; takes the progress.</param>
    /// <param name="appended">Bytes that are read behind the packed ones.</param>
    /// <param name="unpack">What comes out of a packed stream.</param>
    /// <param name="finish">Looks at the whole, and cuts it where that is needed.</param>
    /// <param name="damaged">The error for bytes that can't be unpacked.</param>
    /// <exception cref="ElfMmuException">What <paramref name="damaged"/> makes, or <c>TemporaryFileFailed</c> when there is no room, or no right to write there.</exception>
    public static DataSource Unpack(
        DataSource packed,
        DumpOpening opening,
        byte[] appended,
        Func<Stream, Stream> unpack,
        Action<TemporaryFile> finish,
        Func<InvalidDataException, ElfMmuException> damaged)
    {
        TemporaryFile? file = null;
        try
        {
            file = new TemporaryFile(packed.Name);
            using var input = new DataSourceStream(packed, appended, opening.Cancellation);
            using Stream stream = unpack(input);
            byte[] block = new byte[BlockSize];
            int read;
            while ((read = Next(stream, block, damaged)) > 0)
            {
                file.Append(block.AsSpan(0, read));
                opening.Progress?.Invoke(Math.Min((ulong)input.Position, packed.Length), packed.Length);
            }

            finish(file);
            return file.ToSource();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ElfMmuException(
                "TemporaryFileFailed",
                ErrorKind.WriteError,
                $"Unpacking '{packed.Name}' to '{Path.GetTempPath()}' failed: {e.Message} Make room there, name another folder in {Variable}, or unpack it yourself.",
                e)
            { Path = packed.Name };
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>Reads back what was written.</summary>
    /// <returns>How many bytes there were.</returns>
    public int Read(long offset, Span<byte> bytes) => RandomAccess.Read(_file!.SafeFileHandle, bytes, offset);

    /// <summary>Cuts the end off.</summary>
    public void Cut(long length) => Length = length;

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private static int Next(Stream stream, byte[] block, Func<InvalidDataException, ElfMmuException> damaged)
    {
        try
        {
            return stream.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw damaged(e);
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.ContainsAnyExcept((byte)0))
        {
            RandomAccess.Write(_file!.SafeFileHandle, bytes, Length);
        }

        Length += bytes.Length;
    }

    private DataSource ToSource()
    {
        FileStream file = _file!;
        file.SetLength(Length);
        DataSource source = Length == 0 ? new FileDataSource(_packedName, file) : new MappedDataSource(_packedName, file);
        _file = null;
        return source;
    }
}
