using System.Globalization;

namespace ElfMmu.Dumps;

/// <summary>Gathers the dumps that some work reads, to tell at its end what of them turned out to be damaged: once for each dump.</summary>
public sealed class DamageReport
{
    private const int MostNamed = 3;

    private readonly List<DumpDamage> _dumps = [];

    /// <summary>Takes note of a dump that is going to be read; one that is known already counts once. Nothing of it is kept open.</summary>
    public void Add(MemoryDump dump)
    {
        var damage = DumpDamage.Of(dump);
        if (!damage.IsImpossible && !_dumps.Exists(damage.IsSame))
        {
            _dumps.Add(damage);
        }
    }

    /// <summary>
    /// One sentence for each dump in which something is damaged, for the warning stream. What was told is forgotten.
    /// </summary>
    public IReadOnlyList<string> Take()
    {
        string[] told = [.. _dumps.Where(d => d.Count > 0).GroupBy(d => d.Path).Select(Describe)];
        _dumps.Clear();
        return told;
    }

    private static string Describe(IGrouping<string, DumpDamage> readings)
    {
        // A file that was opened twice has its damaged blocks twice.
        DamagedMemory[] known = [.. readings.SelectMany(d => d.First).DistinctBy(d => (d.File, d.FileOffset))];
        int count = Math.Max(known.Length, readings.Max(d => d.Count));
        string blocks = count == 1 ? "A block" : $"{count.ToString(CultureInfo.InvariantCulture)} blocks";
        string what = readings.First().IsZeroFilled
            ? count == 1 ? "was read as zeros" : "were read as zeros"
            : count == 1 ? "counts as absent" : "count as absent";
        string more = count > MostNamed ? $"; and {count - MostNamed} more" : "";
        return $"{blocks} of '{readings.Key}' can't be unpacked and {what}: {string.Join("; ", known.Take(MostNamed).Select(d => Name(d, readings.Key)))}{more}.";
    }

    private static string Name(DamagedMemory memory, string path) =>
        memory.File == path ? memory.ToString() : $"{System.IO.Path.GetFileName(memory.File)}, {memory}";
}
