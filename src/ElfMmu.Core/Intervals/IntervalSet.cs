using System.Collections;

namespace ElfMmu.Intervals;

/// <summary>Addresses given as intervals: ascending, disjoint, and those that touched are one. It never changes.</summary>
public sealed class IntervalSet : IReadOnlyList<Interval>
{
    private readonly Interval[] _intervals;

    /// <summary>Makes a set of intervals in any order, which may overlap. O(n log n).</summary>
    public IntervalSet(IEnumerable<Interval> intervals)
    {
        var merged = new List<Interval>();
        foreach (Interval interval in intervals.Order())
        {
            if (merged.Count > 0 && merged[^1].Touches(interval))
            {
                merged[^1] = Interval.Hull(merged[^1], interval);
            }
            else
            {
                merged.Add(interval);
            }
        }

        _intervals = [.. merged];
    }

    /// <inheritdoc/>
    public int Count => _intervals.Length;

    /// <inheritdoc/>
    public Interval this[int index] => _intervals[index];

    /// <summary>The first interval that ends at an address or behind it; <see cref="Count"/> if none does. O(log n).</summary>
    public int FirstFrom(ulong address)
    {
        int low = 0;
        int high = _intervals.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = _intervals[middle].Last < address ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>What of the set lies in an interval.</summary>
    public IntervalSet Within(Interval interval) =>
        new(_intervals.Where(i => i.Overlaps(interval)).Select(i => i.Intersect(interval, out Interval common) ? common : i));

    /// <inheritdoc/>
    public IEnumerator<Interval> GetEnumerator() => ((IEnumerable<Interval>)_intervals).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The first intervals, as <see cref="IntervalText.Parse"/> reads them.</summary>
    public override string ToString()
    {
        const int Most = 3;
        string listed = string.Join(", ", _intervals.Take(Most).Select(IntervalText.Format));
        return Count > Most ? $"{listed} and {Count - Most} more ranges" : listed;
    }
}
