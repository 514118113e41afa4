namespace ElfMmu.Dumps;

/// <summary>Gathers the dumps that some work reads, to tell at its end what of them turned out to be damaged: once for each dump.</summary>
/// <remarks>A dump that stays open, or is shared along a pipeline, is told by whoever ends first; later ones tell what is new since then.</remarks>
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
    /// One sentence for each dump in which something is damaged that wasn't told before, for the warning stream. The dumps are forgotten.
    /// </summary>
    public IReadOnlyList<string> Take()
    {
        string[] told =
        [
            .. _dumps.Select(d => new News(d.Path, d.IsZeroFilled, d.TakeNew())).Where(n => n.New.Count > 0).GroupBy(n => n.Path).Select(Describe),
        ];
        _dumps.Clear();
        return told;
    }

    private static string Describe(IGrouping<string, News> readings)
    {
        // A file that was opened twice has its damaged blocks twice.
        DamagedMemory[] known = [.. readings.SelectMany(r => r.New.First).DistinctBy(d => (d.File, d.FileOffset))];
        int count = Math.Max(known.Length, readings.Max(r => r.New.Count));
        string blocks = readings.All(r => r.New.Told == 0) ? count == 1 ? "A block" : $"{count} blocks" : Plural.Of(count, "more block");
        string what = readings.First().IsZeroFilled
            ? count == 1 ? "was read as zeros" : "were read as zeros"
            : count == 1 ? "counts as absent" : "count as absent";
        string others = count > MostNamed ? $"; and {count - MostNamed} more" : "";
        return $"{blocks} of '{readings.Key}' can't be unpacked and {what}: {string.Join("; ", known.Take(MostNamed).Select(d => Name(d, readings.Key)))}{others}.";
    }

    private static string Name(DamagedMemory memory, string path) =>
        memory.File == path ? memory.ToString() : $"{System.IO.Path.GetFileName(memory.File)}, {memory}";

    private sealed record News(string Path, bool IsZeroFilled, (int Told, int Count, DamagedMemory[] First) New);
}
