using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// What turned out to be damaged in a dump while it was read, as it becomes known. It holds nothing of the dump open, and little of it in memory.
/// </summary>
public sealed class DumpDamage
{
    private readonly List<(DamageLog Log, Run[] Runs)> _sources = [];

    private DumpDamage(MemoryDump dump)
    {
        Path = dump.Identity.Path;
        IsZeroFilled = dump.Identity.ZeroFill;
        foreach (IGrouping<DamageLog, PhysicalRun> runs in dump.Memory.Runs.Where(r => r.Source.Damage != null).GroupBy(r => r.Source.Damage!))
        {
            _sources.Add((runs.Key, [.. runs.Select(r => new Run(r.Offset, r.Size, r.Start)).OrderBy(r => r.Offset)]));
        }
    }

    /// <summary>The dump's path.</summary>
    public string Path { get; }

    /// <summary>Whether what is damaged was read as zeros, as it was asked for.</summary>
    public bool IsZeroFilled { get; }

    /// <summary>How many blocks are known to be damaged now.</summary>
    public int Count => _sources.Sum(s => s.Log.Count);

    /// <summary>How many bytes they unpack to.</summary>
    public ulong Size => _sources.Aggregate(0UL, (sum, s) => sum + s.Log.Size);

    /// <summary>The first of them that were found, at most a thousand of each file, by their addresses. O(runs) for each.</summary>
    public IReadOnlyList<DamagedMemory> First =>
    [
        .. ByAddress(_sources.SelectMany(s => s.Log.First.Select(b => Placed(b, s.Runs)))),
    ];

    /// <summary>The damage of a dump. O(runs log runs) of those that are unpacked while they are read; of others there is none.</summary>
    public static DumpDamage Of(MemoryDump dump) => new(dump);

    /// <summary>What came to light since this was last asked for the dump, by whomever.</summary>
    /// <returns>How many blocks were told before, how many are new, and the first of those.</returns>
    internal (int Told, int Count, DamagedMemory[] First) TakeNew()
    {
        (int told, int count) = (0, 0);
        var first = new List<DamagedMemory>();
        foreach ((DamageLog log, Run[] runs) in _sources)
        {
            (int before, int more, IReadOnlyList<DamagedBlock> blocks) = log.TakeNew();
            (told, count) = (told + before, count + more);
            first.AddRange(blocks.Select(b => Placed(b, runs)));
        }

        return (told, count, [.. ByAddress(first)]);
    }

    /// <summary>Whether another one is of the same reading of the same file.</summary>
    internal bool IsSame(DumpDamage other) => _sources.Select(s => s.Log).SequenceEqual(other._sources.Select(s => s.Log));

    /// <summary>Whether nothing of the dump is unpacked while it is read, so that nothing will ever be known.</summary>
    internal bool IsImpossible => _sources.Count == 0;

    private static DamagedMemory Placed(in DamagedBlock block, Run[] runs) =>
        new(AddressOf(block, runs), block.Size, block.Source, block.FileOffset, block.Reason);

    private static IEnumerable<DamagedMemory> ByAddress(IEnumerable<DamagedMemory> damage) => damage.OrderBy(d => d.PhysicalAddress ?? ulong.MaxValue);

    /// <summary>The lowest address that shows a byte of a block.</summary>
    private static ulong? AddressOf(in DamagedBlock block, Run[] runs)
    {
        ulong? lowest = null;
        ulong end = block.Offset + (ulong)block.Size;
        foreach (Run run in runs)
        {
            if (run.Offset >= end)
            {
                break;
            }

            ulong from = Math.Max(run.Offset, block.Offset);
            if (from - run.Offset < run.Size && (lowest == null || run.Start + (from - run.Offset) < lowest))
            {
                lowest = run.Start + (from - run.Offset);
            }
        }

        return lowest;
    }

    private readonly record struct Run(ulong Offset, ulong Size, ulong Start);
}
