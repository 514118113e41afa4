using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// What LiME writes with <c>format=lime</c> (a header before each range of RAM), and AVML: the same, or blocks of at most 16 MiB packed with
/// snappy. Stored ranges are read in place, packed ones chunk by chunk.
/// </summary>
internal sealed class LimeReader : IDumpReader
{
    // More zeros than this aren't made up for a range that says it is huge.
    private const ulong MostMissing = 1UL << 40;

    private const int MostNamed = 3;

    public bool Matches(ReadOnlySpan<byte> head, string path) => LimeHeader.Matches(head);

    public DumpContent Read(DataSource source, DumpOpening opening)
    {
        var index = new LimeIndex(source, opening);
        index.Read();
        if (index.Ranges.Count == 0)
        {
            throw new ElfMmuException(
                "DumpTruncated",
                ErrorKind.InvalidData,
                $"'{source.Name}' ends before its first byte of memory{Of(index.Missing)}. Fetch it again.")
            { Path = source.Name };
        }

        bool isAvml = index.PackedCount > 0 || index.FullCount > 0;
        DataSource? unpacked = index.Chunks.Length > 0 ? new AvmlDataSource(source, index.Chunks, opening.ZeroFill) : null;
        List<PhysicalRun> runs = [.. index.Ranges.Select(r => new PhysicalRun(r.Start, r.Size, r.IsPacked ? unpacked! : source, r.Offset))];
        List<(ulong Start, ulong Size)> leftOut = isAvml ? LeftOut(index.Ranges) : [];
        if (opening.ZeroFill)
        {
            runs.AddRange([.. Zeros(source, index, leftOut, runs)]);
        }

        var content = new DumpContent
        {
            Container = index.PackedCount > 0 ? "AVML" : "LiME",
            Runs = runs,
            Machine = new Machine { ByteOrder = index.Order },
            MissingSize = (ulong)UInt128.Min(MissingSize(index), ulong.MaxValue),
            LeftOutSize = leftOut.Aggregate(0UL, (sum, gap) => sum + gap.Size),
            Facts = new DumpFacts
            {
                Compression = index.PackedCount > 0 ? "snappy" : null,
                Details = [new(isAvml ? "Blocks" : "Ranges", index.Count)],
            },
        };
        content.Remarks.Add($"'{source.Name}' is {content.Container}: {Plural.Of(index.Count, isAvml ? "block" : "range")} of memory"
            + (isAvml && index.PackedCount < index.Count && index.PackedCount > 0 ? $", {index.PackedCount} of them packed." : "."));
        WarnOfZeros(content, source, leftOut, opening.ZeroFill);
        Warn(content, source, index, opening.ZeroFill);
        return content;
    }

    /// <summary>
    /// The gaps that AVML may have made: it leaves out blocks that are all zeros, but says nowhere how far its ranges went. Where a gap is
    /// whole blocks behind a full one, it is likely that it was RAM.
    /// </summary>
    private static List<(ulong Start, ulong Size)> LeftOut(List<LimeRange> ranges)
    {
        var gaps = new List<(ulong, ulong)>();
        LimeRange before = default;
        foreach (LimeRange range in ranges.OrderBy(r => r.Start))
        {
            ulong gap = range.Start - before.End;
            if (before.Size > 0 && before.Size % LimeIndex.AvmlBlockSize == 0 && range.Start > before.End && gap % LimeIndex.AvmlBlockSize == 0)
            {
                gaps.Add((before.End, gap));
            }

            before = range;
        }

        return gaps;
    }

    /// <summary>What is missing or was left out, as far as no range has it. O(n log n).</summary>
    private static IEnumerable<PhysicalRun> Zeros(DataSource source, LimeIndex index, List<(ulong Start, ulong Size)> leftOut, List<PhysicalRun> runs)
    {
        // As their offset is their address, stretches that touch are one.
        var zeros = new ZeroDataSource(source.Name);
        List<PhysicalRun> wanted = [.. leftOut.Concat(index.Missing.Select(m => (m.Start, m.Size))).Select(s => new PhysicalRun(s.Start, s.Size, zeros, s.Start))];
        ulong left = MostMissing;
        foreach (PhysicalRun run in OverlappingRuns.Rest(wanted, [.. runs.OrderBy(r => r.Start)]))
        {
            if (left == 0)
            {
                yield break;
            }

            ulong part = Math.Min(run.Size, left);
            left -= part;
            yield return run with { Size = part };
        }
    }

    private static void WarnOfZeros(DumpContent content, DataSource source, List<(ulong Start, ulong Size)> leftOut, bool zeroFill)
    {
        if (leftOut.Count > 0)
        {
            content.Warnings.Add($"AVML leaves out blocks of 16 MiB that are all zeros: {Plural.Of(leftOut.Count, "gap")} of '{source.Name}' "
                + $"{(leftOut.Count == 1 ? "looks" : "look")} like that, {ByteSize.Exact(content.LeftOutSize)} in all, from physical 0x{leftOut[0].Start:x} on. "
                + (zeroFill ? "They are read as zeros, as asked for." : "They are absent, for the file doesn't say that they were RAM."));
        }
    }

    private static void Warn(DumpContent content, DataSource source, LimeIndex index, bool zeroFill)
    {
        if (index.Missing.Count > 0)
        {
            content.Warnings.Add($"'{source.Name}' is cut off or damaged: {MissingSize(index)} bytes of memory that it promises aren't in it"
                + $"{Of(index.Missing)}. They are {(zeroFill ? "read as zeros" : "absent")}.");
        }

        if (index.Unread.Count > 0)
        {
            string first = string.Join("; ", index.Unread.Take(MostNamed).Select(u => $"{u.Size} bytes at offset 0x{u.Offset:x} ({u.Reason})"));
            content.Warnings.Add($"Not all of '{source.Name}' could be read: {first}{More(index.Unread.Count)}.");
        }

        if (index.WrongTrailers.Count > 0)
        {
            content.Warnings.Add($"The length behind {index.WrongTrailers.Count} of the blocks of '{source.Name}' is wrong, first at offset "
                + $"0x{index.WrongTrailers[0]:x}. Their chunks are sound, and are used.");
        }
    }

    private static UInt128 MissingSize(LimeIndex index) => index.Missing.Aggregate(UInt128.Zero, (sum, m) => sum + m.Size);

    private static string Of(List<LimeGap> gaps) => gaps.Count == 0 ? "" : " (" + string.Join(
        "; ", gaps.Take(MostNamed).Select(g => $"{g.Size} bytes from physical 0x{g.Start:x} on, at file offset 0x{g.FileOffset:x}: {g.Reason}"))
        + More(gaps.Count) + ")";

    private static string More(int count) => count > MostNamed ? $"; and {count - MostNamed} more" : "";
}
