using System.Buffers.Binary;
using System.IO.Compression;
using ElfMmu.Memory;
using ElfMmu.Packing;

namespace ElfMmu.Dumps;

/// <summary>
/// Files packed with zlib (RFC 1950) as a whole, as LiME writes them with <c>compress=1</c>. They are unpacked to a temporary file.
/// </summary>
/// <remarks>
/// LiME hands on only one page of what zlib still has when it ends, so the end of such a stream may be missing even of a dump that was taken in
/// good order: it goes as far as it goes.
/// </remarks>
internal sealed class ZlibWrapping : IDumpWrapping
{
    // Memory may start with any two bytes; what follows must unpack too, and to more than a few bytes.
    private const int LeastUnpacked = 256;
    private const int LeastSize = 8;

    public string? Compression => "zlib";

    public bool Matches(ReadOnlySpan<byte> head)
    {
        const int DictionaryFlag = 0x20;
        const int DeflateMethod = 8;
        if (head.Length < LeastSize
            || (head[0] & 0xf) != DeflateMethod
            || head[0] >> 4 > 7
            || ((head[0] << 8) | head[1]) % 31 != 0
            || (head[1] & DictionaryFlag) != 0)
        {
            return false;
        }

        try
        {
            using var zlib = new ZLibStream(new MemoryStream(head.ToArray()), CompressionMode.Decompress);
            return zlib.ReadAtLeast(new byte[LeastUnpacked], LeastUnpacked, throwOnEndOfStream: false) == LeastUnpacked;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    public DataSource Unwrap(DataSource source, DumpOpening opening)
    {
        Adler32Stream? summed = null;
        DataSource unpacked = TemporaryFile.Unpack(
            source,
            opening,
            [],
            input => summed = new Adler32Stream(new ZLibStream(input, CompressionMode.Decompress)),
            file => CheckEnd(source, file.Length, summed!.Sum, opening),
            e => new ElfMmuException(
                "ZlibDamaged", ErrorKind.InvalidData, $"'{source.Name}' is a damaged zlib stream: {e.Message} Fetch it again.", e) { Path = source.Name });
        opening.Remarks.Add($"'{source.Name}' is a zlib stream; its {unpacked.Length} bytes were unpacked to a temporary file.");
        source.Dispose();
        return unpacked;
    }

    /// <summary>A whole stream ends with the sum of what it unpacks to; one that is cut off ends without an error.</summary>
    private static void CheckEnd(DataSource source, long length, uint sum, DumpOpening opening)
    {
        Span<byte> end = stackalloc byte[4];
        source.Read(source.Length - (ulong)end.Length, end);
        if (BinaryPrimitives.ReadUInt32BigEndian(end) != sum)
        {
            opening.Warnings.Add($"The zlib stream '{source.Name}' is cut off, or something follows it: {length} bytes came out of it, and are used.");
        }
    }
}
