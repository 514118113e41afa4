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
    /// Looks for hash tables. O(dump) with 30 bytes of memory for each 64 KiB, up to 2 MiB; of memory that is no table and not
    /// empty a few hundred bytes of each 64 KiB are read.
    /// </summary>
    /// <param name="dump">The dump.</param>
    /// <param name="ramBase">
    /// The physical address of a raw image's first byte; null when it isn't known: then it is the one the dump was opened with,
    /// unless the entries of a table say otherwise. It isn't used for containers that have addresses.
    /// </param>
    /// <param name="order">The byte order of the table: big-endian but for rare machines.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>The candidates, best first, those too that are probably none; <see cref="PageTableRoot.Root"/> is SDR1.</returns>
    public static IReadOnlyList<PageTableRoot> Find(
        MemoryDump dump, ulong? ramBase = null, ByteOrder order = ByteOrder.Big, CancellationToken cancellation = default)
    {
        IReadOnlyList<PhysicalRun> runs = dump.Memory.Runs;
        if (runs.Count == 0)
        {
            return [];
        }

        ramBase = dump.Container == RawReader.Container ? ramBase : null;
        ulong shift = ramBase is { } given ? given - runs[0].Start : 0;
        var format = new PowerPcPteFormat(order);
        var map = new PowerPcHashMap(dump.Memory, shift, format, cancellation);
        var reader = new PowerPcHashReader(dump.Memory, shift, format);
        var roots = new List<PageTableRoot>();
        foreach (PowerPcHashRegion region in map.Regions(MinimumEntries).Where(r => r.Soundness >= LeastScore))
        {
            PowerPcHashContent content = reader.Read(region, cancellation);
            var judgement = new PowerPcHashJudgement(region, content, a => IsKnown(dump, a, shift));
            if (judgement.Score < LeastScore)
            {
                continue;
            }

            PageTableRoot root = ramBase == null && IsAnywhere(dump)
                ? WithBase(dump, map, region, content, judgement)
                : Root(dump, map, region, judgement, runs[0].Start + shift, ramBase);
            roots.Add(root);
        }

        return [.. roots.OrderByDescending(r => r.Score).ThenBy(r => r.Root).Take(MostRoots)];
    }

    /// <summary>Whether nobody said where the memory was: a raw image, opened as one from 0 on for want of better knowledge.</summary>
    private static bool IsAnywhere(MemoryDump dump) =>
        dump.Container == RawReader.Container && dump.Identity.RamBase == null && dump.Memory.Runs is [{ Start: 0 }];

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
            PageTableRoot root = Root(dump, map, region, there, inferred, inferred);
            return root with
            {
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

        PageTableRoot atZero = Root(dump, map, region, judgement, 0, null);
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
        MemoryDump dump,
        PowerPcHashMap map,
        PowerPcHashRegion region,
        PowerPcHashJudgement judgement,
        ulong ramBase,
        ulong? openedWith) =>
        new()
        {
            Dump = dump.Identity with { RamBase = openedWith ?? dump.Identity.RamBase },
            Mode = PowerPcModes.Ppc32,
            Root = region.Sdr1,
            RamBase = ramBase,
            Score = judgement.Score,
            Reasons = [.. judgement.Reasons()],
            Doubts = [.. judgement.Doubts(map.LargestAround(region))],
            Tables = 1,
        };

    private static bool IsKnown(MemoryDump dump, ulong address, ulong shift)
    {
        int hint = 0;
        if (dump.Memory.TryFind(address - shift, ref hint))
        {
            return true;
        }

        IReadOnlyList<PhysicalRegion> devices = dump.Machine.Devices;
        return devices.Count > 0 && devices.Any(d => address >= d.Start && address <= d.Last);
    }
}
