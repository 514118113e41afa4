using System.IO.Compression;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>Unpacks gzip files (RFC 1952) to a temporary file that vanishes when it is closed.</summary>
internal static class Gzip
{
    private static readonly byte[] PackedMarker = PackMarker();

    private static ReadOnlySpan<byte> Marker => "whole to the end"u8;

    /// <summary>Whether a file starts like a gzip member.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) => head is [0x1f, 0x8b, ..];

    /// <summary>Unpacks a file; O(unpacked bytes).</summary>
    /// <exception cref="ElfMmuException"><c>GzipDamaged</c>, or <c>TemporaryFileFailed</c> when there is no room for it.</exception>
    public static DataSource Unpack(DataSource packed, DumpOpening opening) => TemporaryFile.Unpack(
        packed,
        opening,
        PackedMarker,
        input => new GZipStream(input, CompressionMode.Decompress),
        file => CutMarker(packed, file),
        e => Damaged(packed, e.Message, e));

    /// <summary>
    /// A cut-off file ends the stream without an error. So one more member is put behind it: its content comes out at the end only if the
    /// file's own last member was whole.
    /// </summary>
    private static void CutMarker(DataSource packed, TemporaryFile file)
    {
        Span<byte> end = stackalloc byte[Marker.Length];
        if (file.Length < Marker.Length || file.Read(file.Length - Marker.Length, end) != Marker.Length || !end.SequenceEqual(Marker))
        {
            throw Damaged(packed, "its last member is cut off, or something that isn't gzip follows it", null);
        }

        file.Cut(file.Length - Marker.Length);
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
