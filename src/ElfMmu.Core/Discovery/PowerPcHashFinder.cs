using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Discovery;

/// <summary>
/// Finds the hashed page tables of 32-bit PowerPC in a dump, by nothing but what the architecture says of them: their size and
/// alignment, the reserved bits of their entries, and that each entry is in a group that its hash leads to.
/// </summary>
/// <remarks>The Programming Environments Manual for 32-Bit Microprocessors, 7.6.1 "Page Table Definition".</remarks>
internal static class PowerPcHashFinder
{
    // With fewer there is nothing to decide from, whatever they say.
    private const int MinimumEntries = 4;
    private const int MostRoots = 16;
    private const double LeastScore = 0.05;

    // From which part of its pages outside of RAM on a table is asked whether RAM was elsewhere, and what its score loses by that.
    private const double MostOutside = 0.5;
    private const double InferredPart = 0.9;

    /// <summary>
    /// Looks for hash tables in what one look at all frames of a dump has shown. O(blocks of 64 KiB), and the bytes of the few regions that
    /// may be a table.
    /// </summary>
    /// <param name="dump">The dump. Of one that isn't placed the entries of a table may say that its RAM didn't start at 0.</param>
    /// <param name="scan">What has looked at its frames; serves one search.</param>
    /// <param name="zeros">The frames that hold nothing but zeros.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>The candidates, best first, those too that are probably none; <see cref="PageTableRoot.Root"/> is SDR1.</returns>
    public static IReadOnlyList<PageTableRoot> Find(
        MemoryDump dump, PowerPcHashScan scan, FrameBits zeros, CancellationToken cancellation = default)
    {
        if (dump.Memory.Runs.Count == 0)
        {
            return [];
        }

        var map = new PowerPcHashMap(dump.Memory, scan, zeros, cancellation);
        var reader = new PowerPcHashReader(dump.Memory, scan.Format);
        var roots = new List<PageTableRoot>();
        foreach (PowerPcHashRegion region in map.Regions(MinimumEntries).Where(r => r.Soundness >= LeastScore))
        {
            if (reader.Read(region, LeastScore, cancellation) is not { } content)
            {
                continue;
            }

            var judgement = new PowerPcHashJudgement(region, content, a => IsKnown(dump, a));
            if (judgement.Score >= LeastScore)
            {
                roots.Add(dump.IsPlaced
                    ? Root(dump, map, region, judgement, dump.Memory.Runs[0].Start)
                    : WithBase(dump, map, region, content, judgement));
            }
        }

        return [.. roots.OrderByDescending(r => r.Score).ThenBy(r => r.Root).Take(MostRoots)];
    }

    /// <summary>A root in an image of RAM that may have been anywhere.</summary>
    private static PageTableRoot WithBase(
        MemoryDump dump, PowerPcHashMap map, PowerPcHashRegion region, PowerPcHashContent content, PowerPcHashJudgement judgement)
    {
        ulong size = dump.Memory.Size;
        bool isElsewhere = judgement.KnownPart < MostOutside && judgement.HashBits >= PowerPcHashJudgement.ConvincingHashBits;
        if (isElsewhere && PowerPcRamBase.Infer([.. content.Frames.Order()], size, region.Size) is { } inferred and > 0
            && inferred + region.Address < 1UL << 32)
        {
            var there = new PowerPcHashJudgement(region, content, a => a - inferred < size, isInferredBase: true);
            PageTableRoot root = Root(dump, map, region, there, inferred);
            return root with
            {
                Dump = root.Dump with { RamBase = inferred },
                Root = root.Root + inferred,
                Score = root.Score * InferredPart,
                Reasons =
                [
                    .. root.Reasons,
                    $"with RAM from 0x{inferred:x} on nearly all pages are in it; with RAM from 0x0 on most aren't",
                ],
                Doubts =
                [
                    $"that RAM started at 0x{inferred:x} is a guess: it is only the roundest address that fits",
                    .. root.Doubts,
                ],
            };
        }

        PageTableRoot atZero = Root(dump, map, region, judgement, 0);
        return atZero with
        {
            Doubts =
            [
                .. atZero.Doubts,
                "a raw image doesn't say where its RAM was: it is taken to start at 0x0, as PowerPC machines have it",
            ],
        };
    }

    private static PageTableRoot Root(
        MemoryDump dump, PowerPcHashMap map, PowerPcHashRegion region, PowerPcHashJudgement judgement, ulong ramBase) =>
        new()
        {
            Dump = dump.Identity,
            Mode = PowerPcModes.Ppc32,
            Root = region.Sdr1,
            RamBase = ramBase,
            Score = judgement.Score,
            Reasons = [.. judgement.Reasons()],
            Doubts = [.. judgement.Doubts(map.LargestAround(region))],
            Tables = 1,
        };

    private static bool IsKnown(MemoryDump dump, ulong address)
    {
        int hint = 0;
        if (dump.Memory.TryFind(address, ref hint))
        {
            return true;
        }

        IReadOnlyList<PhysicalRegion> devices = dump.Machine.Devices;
        return devices.Count > 0 && devices.Any(d => address >= d.Start && address <= d.Last);
    }
}
