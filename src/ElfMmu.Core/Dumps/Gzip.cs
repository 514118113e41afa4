using System.IO.Compression;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>Unpacks gzip files (RFC 1952) to a temporary file that vanishes when it is closed.</summary>
internal static class Gzip
{
    private const int BlockSize = 1 << 20;

    /// <summary>Whether a file starts like a gzip member.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) => head is [0x1f, 0x8b, ..];

    /// <summary>Unpacks a file; O(unpacked bytes). Blocks of zeros become holes of the temporary file.</summary>
    /// <exception cref="ElfMmuException"><c>GzipDamaged</c>, or <c>TemporaryFileFailed</c> when there is no room for it.</exception>
    public static DataSource Unpack(DataSource packed, CancellationToken cancellation)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(
                Path.Combine(Path.GetTempPath(), $"elfmmu-{Guid.NewGuid():n}.tmp"),
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.None,
                    BufferSize = 0,
                    Options = FileOptions.DeleteOnClose | FileOptions.RandomAccess,
                });
            using var input = new DataSourceStream(packed);
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

            CheckLength(packed, length);
            file.SetLength(length);
            return length == 0
                ? new FileDataSource(packed.Name, file.SafeFileHandle)
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
    /// A cut-off file ends the stream without an error: the last four bytes, which are the length of the last member modulo
    /// 2^32, show it.
    /// </summary>
    private static void CheckLength(DataSource packed, long length)
    {
        Span<byte> trailer = stackalloc byte[4];
        packed.Read(packed.Length - 4, trailer);
        uint stated = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        if (stated > (ulong)length)
        {
            throw Damaged(packed, $"its end states {stated} bytes, but only {length} came out of it", null);
        }
    }

    private static ElfMmuException Damaged(DataSource packed, string what, Exception? inner) => new(
        "GzipDamaged",
        ErrorKind.InvalidData,
        $"'{packed.Name}' is a damaged or cut-off gzip file: {what}. Fetch it again.",
        inner)
    { Path = packed.Name };
}
