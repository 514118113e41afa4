using System.Buffers.Binary;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// Flattened files (makedumpfile -F, QEMU's dump-guest-memory): pieces of a dump in the order they were written, each behind its offset and size, for
/// a pipe can't be rewound. They are put in order without being unpacked.
/// </summary>
/// <remarks>makedumpfile, IMPLEMENTATION, "The flattened format": all numbers are big-endian.</remarks>
internal sealed class FlattenedWrapping : IDumpWrapping
{
    private const int SignatureSize = 16;
    private const int HeaderSize = 4096;
    private const int PieceHeaderSize = 16;
    private const long Known = 1;

    // How often somebody who cancels is asked for.
    private const int CancelMask = 0xffff;

    public string? Compression => null;

    public bool Matches(ReadOnlySpan<byte> head) => head.Length >= SignatureSize + 16 && head.StartsWith("makedumpfile\0\0\0\0"u8);

    public DataSource Unwrap(DataSource source, DumpOpening opening)
    {
        Span<byte> numbers = stackalloc byte[PieceHeaderSize];
        source.Read(SignatureSize, numbers);
        long type = BinaryPrimitives.ReadInt64BigEndian(numbers);
        long version = BinaryPrimitives.ReadInt64BigEndian(numbers[8..]);
        if (type != Known || version != Known)
        {
            throw new ElfMmuException(
                "DumpUnsupported",
                ErrorKind.InvalidData,
                $"'{source.Name}' is a flattened dump of type {type}, version {version}; only type 1, version 1 is known. Rearrange it with makedumpfile -R.")
            { Path = source.Name, Offset = SignatureSize };
        }

        var pieces = new List<FlattenedPieces>();
        ulong count = 0;
        string? wrong = Scan(source, pieces, ref count, opening.Cancellation);
        if (pieces.Count == 0)
        {
            throw new ElfMmuException(
                "DumpTruncated",
                ErrorKind.InvalidData,
                $"'{source.Name}' is a flattened dump without a piece of it: {wrong ?? "it ends at once"}. Fetch the whole file.")
            { Path = source.Name, Offset = HeaderSize };
        }

        var flattened = new FlattenedDataSource(source, [.. pieces]);
        opening.Remarks.Add($"'{source.Name}' is flattened; its {count} pieces are put in order: {flattened.Length} bytes.");
        if (wrong != null)
        {
            opening.Warnings.Add($"'{source.Name}' is a flattened dump that is cut off or damaged: {wrong}. What comes before is taken.");
        }

        return flattened;
    }

    /// <summary>Reads the pieces up to the end, and says what is wrong there. O(pieces); those that follow one another alike are kept as one.</summary>
    /// <exception cref="ElfMmuException"><c>DumpTooManyRuns</c>.</exception>
    private static string? Scan(DataSource source, List<FlattenedPieces> pieces, ref ulong count, CancellationToken cancellation)
    {
        Span<byte> numbers = stackalloc byte[PieceHeaderSize];
        ulong at = HeaderSize;
        for (ulong headers = 0; ; headers++)
        {
            if ((headers & CancelMask) == 0)
            {
                cancellation.ThrowIfCancellationRequested();

                // A hole is nothing but headers of pieces without a byte.
                at += at < source.Length && source.IsHole(at, out ulong end) ? (end - at) / PieceHeaderSize * PieceHeaderSize : 0;
            }

            if (at > source.Length || source.Length - at < PieceHeaderSize)
            {
                return $"it ends at offset 0x{source.Length:x} without the mark of the end";
            }

            source.Read(at, numbers);
            long offset = BinaryPrimitives.ReadInt64BigEndian(numbers);
            long size = BinaryPrimitives.ReadInt64BigEndian(numbers[8..]);
            if (offset < 0 || size < 0)
            {
                return offset == -1 && size == -1 ? null : $"the piece at offset 0x{at:x} says that it has {size} bytes and belongs at {offset}";
            }

            if (size > long.MaxValue - offset)
            {
                return $"the piece at offset 0x{at:x} passes the end of every file";
            }

            at += PieceHeaderSize;
            ulong there = Math.Min((ulong)size, source.Length - at);
            if (there > 0)
            {
                count++;
                Add(pieces, new FlattenedPieces((ulong)offset, at, there, 1), source.Name);
            }

            if (there < (ulong)size)
            {
                return $"the piece at offset 0x{at - PieceHeaderSize:x} has {size} bytes, and only {there} of them are in the file";
            }

            at += there;
        }
    }

    private static void Add(List<FlattenedPieces> pieces, FlattenedPieces piece, string name)
    {
        if (pieces.Count > 0 && pieces[^1] is var last && last.IsContinuedBy(piece, PieceHeaderSize))
        {
            pieces[^1] = last with { Count = last.Count + 1 };
        }
        else
        {
            RunLimit.Check(pieces.Count, name);
            pieces.Add(piece);
        }
    }
}
