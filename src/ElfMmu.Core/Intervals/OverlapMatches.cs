namespace ElfMmu.Intervals;

/// <summary>
/// What a search in an <see cref="OverlapIndex"/> finds, found while it is enumerated (by <c>foreach</c>). O(1) a match on average;
/// nothing is allocated.
/// </summary>
public ref struct OverlapMatches
{
    private readonly Interval _wanted;
    private IntervalMatches<OverlapIndex.Entry> _matches;

    internal OverlapMatches(IntervalMatches<OverlapIndex.Entry> matches, Interval wanted)
    {
        _matches = matches;
        _wanted = wanted;
    }

    /// <summary>The match found; valid after <see cref="MoveNext"/> said true.</summary>
    public readonly OverlapMatch Current
    {
        get
        {
            ref readonly OverlapIndex.Entry entry = ref _matches.Current;
            entry.Targets.Intersect(_wanted, out Interval common);
            ulong source = entry.Source + (common.Start - entry.Targets.Start);
            return new OverlapMatch(
                Interval.FromStartAndLast(source, source + (common.Last - common.Start)), common.Start, entry.Position);
        }
    }

    /// <summary>Gives the enumerator, which is this one.</summary>
    /// <returns>The enumerator.</returns>
    public readonly OverlapMatches GetEnumerator() => this;

    /// <summary>Finds the next match.</summary>
    /// <returns>Whether there is one.</returns>
    public bool MoveNext() => _matches.MoveNext();
}
