using System.Buffers;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// Settles runs that give the same physical memory twice: Linux lists its own text and all RAM in /proc/vmcore, so that a copy of it holds the text at
/// two offsets.
/// </summary>
internal static class OverlappingRuns
{
    // What is compared of all overlaps together: more than any kernel's text has.
    private const ulong MostCompared = 256 << 20;
    private const int PieceSize = 1 << 20;

    /// <summary>
    /// The runs without those parts that an earlier run gives alike; what is given differently stays, to be refused. O(n log n), and the bytes given
    /// twice.
    /// </summary>
    /// <param name="runs">The runs, inside their sources and the address space.</param>
    /// <param name="isKernels">Whether a kernel made them; it means the same memory even where a copy was damaged or memory changed meanwhile.</param>
    /// <param name="remarks">Takes what was found.</param>
    /// <param name="warnings">Takes what differs.</param>
    public static List<PhysicalRun> Settle(List<PhysicalRun> runs, bool isKernels, List<string> remarks, List<string> warnings)
    {
        var settled = new List<PhysicalRun>(runs.Count);
        ulong twice = 0;
        ulong left = MostCompared;
        ulong different = 0;
        ulong firstDifferent = 0;
        foreach (PhysicalRun run in runs.OrderBy(r => r.Start))
        {
            if (settled.Count == 0 || run.Start > settled[^1].Last || IsSame(run, settled[^1]))
            {
                settled.Add(run);
                continue;
            }

            PhysicalRun previous = settled[^1];
            ulong size = Math.Min(previous.Last, run.Last) - run.Start + 1;
            if (!Agree(previous, run, size, ref left))
            {
                if (!isKernels)
                {
                    settled.Add(run);
                    continue;
                }

                firstDifferent = different == 0 ? run.Start : firstDifferent;
                different += size;
            }

            twice += size;
            if (size < run.Size)
            {
                settled.Add(new PhysicalRun(run.Start + size, run.Size - size, run.Source, run.Offset + size));
            }
        }

        if (twice > 0)
        {
            remarks.Add($"{twice} bytes of physical memory are in '{runs[0].Source.Name}' twice, as in every copy of /proc/vmcore; the first ones are taken.");
        }

        if (different > 0)
        {
            warnings.Add($"'{runs[0].Source.Name}' has physical memory twice that isn't the same both times: {different} bytes, from 0x{firstDifferent:x} on. What "
                + "stands there first is taken.");
        }

        return settled;
    }

    /// <summary>What of some runs no other run has. O(n log n).</summary>
    /// <param name="runs">The runs, in any order; they may overlap.</param>
    /// <param name="others">The other runs, ascending.</param>
    public static List<PhysicalRun> Rest(List<PhysicalRun> runs, IReadOnlyList<PhysicalRun> others)
    {
        var rest = new List<PhysicalRun>();
        int next = 0;
        ulong from = 0;
        foreach (PhysicalRun run in runs.OrderBy(r => r.Start))
        {
            // What was there, or was added, up to here.
            from = Math.Max(from, run.Start);
            while (from <= run.Last)
            {
                while (next < others.Count && others[next].Last < from)
                {
                    next++;
                }

                bool isThere = next < others.Count && others[next].Start <= from;
                ulong last = isThere ? others[next].Last
                    : next < others.Count ? Math.Min(others[next].Start - 1, run.Last)
                    : run.Last;
                if (!isThere)
                {
                    rest.Add(new PhysicalRun(from, last - from + 1, run.Source, run.Offset + (from - run.Start)));
                }

                if (last == ulong.MaxValue)
                {
                    return rest;
                }

                from = last + 1;
            }
        }

        return rest;
    }

    private static bool IsSame(in PhysicalRun run, in PhysicalRun previous) =>
        run.Source == previous.Source && run.Start - previous.Start == run.Offset - previous.Offset;

    private static bool Agree(in PhysicalRun previous, in PhysicalRun run, ulong size, ref ulong left)
    {
        // What is beyond the bound is taken to be like what was compared.
        size = Math.Min(size, left);
        left -= size;
        byte[] one = ArrayPool<byte>.Shared.Rent(PieceSize);
        byte[] other = ArrayPool<byte>.Shared.Rent(PieceSize);
        try
        {
            ulong within = run.Start - previous.Start;
            for (ulong done = 0; done < size;)
            {
                int piece = (int)Math.Min(PieceSize, size - done);
                previous.Source.Read(previous.Offset + within + done, one.AsSpan(0, piece));
                run.Source.Read(run.Offset + done, other.AsSpan(0, piece));
                if (!one.AsSpan(0, piece).SequenceEqual(other.AsSpan(0, piece)))
                {
                    return false;
                }

                done += (ulong)piece;
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(one);
            ArrayPool<byte>.Shared.Return(other);
        }
    }
}
