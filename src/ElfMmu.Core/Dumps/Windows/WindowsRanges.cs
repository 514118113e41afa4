using System.Buffers.Binary;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// The list of ranges in newer crash dumps (<c>RDMPDUMP</c>): pairs of a first page and a number of pages, and the pages one behind the other.
/// </summary>
internal static class WindowsRanges
{
    private const int HeaderSize = 0x30;
    private const int EntrySize = 16;
    private const int ChunkSize = 1 << 16;
    private const uint Marker = 0x40;

    // What the header's size of its own metadata doesn't count.
    private const int UncountedSize = 0x20;

    /// <summary>Whether there is a list's header at an offset.</summary>
    public static bool IsAt(DataSource source, int offset)
    {
        Span<byte> head = stackalloc byte[12];
        if (source.Length < (ulong)offset + HeaderSize)
        {
            return false;
        }

        source.Read((ulong)offset, head);
        return BinaryPrimitives.ReadUInt32LittleEndian(head) == Marker && head[4..].StartsWith("RDMPDUMP"u8);
    }

    /// <summary>Reads the pages behind a dump's header. O(ranges).</summary>
    /// <param name="source">The file, in which <see cref="IsAt"/> found a list's header.</param>
    /// <param name="header">The dump's header.</param>
    /// <param name="opening">What is known while it is being opened.</param>
    /// <param name="warnings">Takes what is doubtful.</param>
    /// <exception cref="ElfMmuException"><c>DumpInconsistent</c>, <c>DumpTruncated</c> or <c>DumpTooManyRuns</c>.</exception>
    public static WindowsRuns Read(DataSource source, WindowsHeader header, DumpOpening opening, List<string> warnings)
    {
        ulong at = (ulong)header.Layout.Size;
        Span<byte> bytes = stackalloc byte[HeaderSize];
        source.Read(at, bytes);
        ulong metadata = BinaryPrimitives.ReadUInt64LittleEndian(bytes[0x10..]);
        ulong first = BinaryPrimitives.ReadUInt64LittleEndian(bytes[0x18..]);
        if (first < at + HeaderSize || metadata != first - at - UncountedSize)
        {
            throw new ElfMmuException(
                "DumpInconsistent",
                ErrorKind.InvalidData,
                $"'{source.Name}' says at offset 0x{at:x} that its list of pages has 0x{metadata:x} bytes and its first page is at offset "
                + $"0x{first:x}, and these don't go together. The dump is damaged.")
            { Path = source.Name, Offset = at };
        }

        if (first > source.Length)
        {
            throw new ElfMmuException(
                "DumpTruncated",
                ErrorKind.InvalidData,
                $"'{source.Name}' is cut off at 0x{source.Length:x}, inside the list that says which pages it holds: the first page would be at "
                + $"offset 0x{first:x}. None of its memory is there; get the whole file.")
            { Path = source.Name, Offset = source.Length };
        }

        // Dumps of all memory count their pages; the others end with an empty entry.
        ulong? total = header.DumpType == WindowsDumpType.CompleteRanges ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[0x28..]) : null;
        var runs = new WindowsRuns(source, first, opening.ZeroFill);
        Collect(source, at + HeaderSize, first, total, runs, opening.Cancellation);
        if (total != null && runs.Pages != total)
        {
            warnings.Add($"The list of pages of '{source.Name}' has {runs.Pages} pages, but its header says {total}. The list is taken as it is; "
                + "the dump may be damaged.");
        }

        return runs;
    }

    private static void Collect(DataSource source, ulong at, ulong end, ulong? total, WindowsRuns runs, CancellationToken cancellation)
    {
        byte[] chunk = new byte[ChunkSize];
        while (end - at >= EntrySize)
        {
            cancellation.ThrowIfCancellationRequested();
            int size = (int)Math.Min(ChunkSize, (end - at) / EntrySize * EntrySize);
            source.Read(at, chunk.AsSpan(0, size));
            for (int i = 0; i < size; i += EntrySize)
            {
                ulong page = BinaryPrimitives.ReadUInt64LittleEndian(chunk.AsSpan(i));
                ulong count = BinaryPrimitives.ReadUInt64LittleEndian(chunk.AsSpan(i + 8));
                if (count == 0 || runs.Pages >= total)
                {
                    return;
                }

                runs.Add(page, count);
            }

            at += (ulong)size;
        }
    }
}
