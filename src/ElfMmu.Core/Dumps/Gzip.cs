using System.IO.Compression;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>Unpacks gzip files (RFC 1952) to a temporary file that vanishes when it is closed.</summary>
internal static class Gzip
{
    private const int BlockSize = 1 << 20;

    private static readonly byte[] PackedMarker = PackMarker();

    private static ReadOnlySpan<byte> Marker => "whole to the end"u8;

    /// <summary>Whether a file starts like a gzip member.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) => head is [0x1f, 0x8b, ..];

    /// <summary>Unpacks a file; O(unpacked bytes). Blocks of zeros become holes of the temporary file.</summary>
    /// <exception cref="ElfMmuException"><c>GzipDamaged</c>, or <c>TemporaryFileFailed</c> when there is no room for it.</exception>
    public static DataSource Unpack(DataSource packed, CancellationToken cancellation)
    {
        FileStream? file = null;
        try
        {
            file = CreateTemporary();
            using var input = new DataSourceStream(packed, PackedMarker);
            using var gzip = new GZipStream(input, CompressionMode.Decompress);
            byte[] block = new byte[BlockSize];
            long length = 0;
            int read;
            while ((read = Next(gzip, block, packed)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                if (block.AsSpan(0, read).ContainsAnyExcept((byte)0))
                {
                    RandomAccess.Write(file.SafeFileHandle, block.AsSpan(0, read), length);
                }

                length += read;
            }

            length = WithoutMarker(packed, file, length);
            file.SetLength(length);
            return length == 0
                ? new FileDataSource(packed.Name, file)
                : new MappedDataSource(packed.Name, file);
        }
        catch (IOException e)
        {
            file?.Dispose();
            throw new ElfMmuException(
                "TemporaryFileFailed",
                ErrorKind.WriteError,
                $"Unpacking '{packed.Name}' to '{Path.GetTempPath()}' failed: {e.Message} Make room there, or unpack it yourself.",
                e)
            { Path = packed.Name };
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A file that vanishes whatever becomes of this process. Windows deletes it with its last handle; elsewhere it has no name from the
    /// start, for .NET would delete it only when it is closed in good order, which a dump that is kept open until the end isn't.
    /// </summary>
    private static FileStream CreateTemporary()
    {
        string path = Path.Combine(Path.GetTempPath(), $"elfmmu-{Guid.NewGuid():n}.tmp");
        var file = new FileStream(
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

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static int Next(GZipStream gzip, byte[] block, DataSource packed)
    {
        try
        {
            return gzip.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(packed, e.Message, e);
        }
    }

    /// <summary>
    /// A cut-off file ends the stream without an error. So one more member is put behind it: its content comes out at the end
    /// only if the file's own last member was whole. Returns the length without it.
    /// </summary>
    private static long WithoutMarker(DataSource packed, FileStream file, long length)
    {
        Span<byte> end = stackalloc byte[Marker.Length];
        if (length < Marker.Length
            || RandomAccess.Read(file.SafeFileHandle, end, length - Marker.Length) != Marker.Length
            || !end.SequenceEqual(Marker))
        {
            throw Damaged(packed, "its last member is cut off, or something that isn't gzip follows it", null);
        }

        return length - Marker.Length;
    }

    private static byte[] PackMarker()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(Marker);
        }

        return packed.ToArray();
    }

    private static ElfMmuException Damaged(DataSource packed, string what, Exception? inner) => new(
        "GzipDamaged",
        ErrorKind.InvalidData,
        $"'{packed.Name}' is a damaged or cut-off gzip file: {what}. Fetch it again.",
        inner)
    { Path = packed.Name };
}
