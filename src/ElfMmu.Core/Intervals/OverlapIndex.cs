namespace ElfMmu.Intervals;

/// <summary>
/// Finds all that leads to a target: intervals whose targets may overlap, looked up by target. Built once, then never changed, so any
/// number of threads may look up at once.
/// </summary>
/// <remarks>O(log n + k) a look-up for k matches (see <see cref="IntervalIndex{T}"/>); about 64 bytes an interval.</remarks>
public sealed class OverlapIndex
{
    private readonly IntervalIndex<Entry> _index;

    /// <summary>Makes an index. O(n log n) for sorting by target, O(n) for the rest.</summary>
    /// <param name="intervals">The intervals with what their first addresses lead to, in any order; they too may overlap.</param>
    /// <exception cref="ElfMmuException"><c>IntervalInvalid</c>: the targets of one wrap past 2^64.</exception>
    public OverlapIndex(ReadOnlySpan<TargetInterval> intervals)
    {
        ulong[] targets = new ulong[intervals.Length];
        var entries = new Entry[intervals.Length];
        for (int i = 0; i < entries.Length; i++)
        {
            targets[i] = intervals[i].Target;
            entries[i] = new Entry(intervals[i].Targets, intervals[i].Interval.Start, i);
        }

        Array.Sort(targets, entries);
        _index = new IntervalIndex<Entry>(entries, static e => e.Targets);
    }

    /// <summary>How many intervals there are.</summary>
    public int Count => _index.Count;

    /// <summary>Finds every address that leads to a target. O(log n + k) for k of them, without allocating.</summary>
    /// <param name="target">The target.</param>
    /// <returns>To be enumerated, in no promised order: one match of one address for each interval that leads there.</returns>
    public OverlapMatches Find(ulong target) => Find(Interval.FromStartAndLast(target, target));

    /// <summary>Finds all addresses that lead to any of several targets. O(log n + k) for k intervals, without allocating.</summary>
    /// <param name="targets">The targets.</param>
    /// <returns>To be enumerated, in no promised order: of each interval that leads there the part that does.</returns>
    public OverlapMatches Find(Interval targets) => new(_index.Find(targets), targets);

    /// <summary>An interval by its targets: where its addresses start, and its place among those the index was made of.</summary>
    internal readonly record struct Entry(Interval Targets, ulong Source, int Position);
}
