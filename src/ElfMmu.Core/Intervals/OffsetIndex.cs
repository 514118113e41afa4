namespace ElfMmu.Intervals;

/// <summary>
/// Translates addresses by disjoint intervals that are displaced as a whole: an address's target is as far from the interval's first target
/// as the address is from its start. Built once, then never changed, so any number of threads may look up at once.
/// </summary>
/// <remarks>O(log n) an address, of base 17; about 40 bytes an interval.</remarks>
public sealed class OffsetIndex
{
    private readonly IntervalSearch _search;
    private readonly Displaced[] _displaced;

    /// <summary>Makes an index. O(n).</summary>
    /// <param name="intervals">The intervals with what their first addresses lead to; ascending and disjoint.</param>
    /// <exception cref="ElfMmuException">
    /// <c>IntervalNotSorted</c>: one starts below the one before it; <c>IntervalOverlap</c>: one starts in the one before it.
    /// </exception>
    public OffsetIndex(ReadOnlySpan<TargetInterval> intervals)
    {
        var addresses = new Interval[intervals.Length];
        ulong[] targets = new ulong[intervals.Length];
        for (int i = 0; i < intervals.Length; i++)
        {
            (addresses[i], targets[i]) = intervals[i];
        }

        _search = new IntervalSearch(addresses);
        _displaced = Displace(_search, targets);
    }

    /// <summary>Makes an index of a tree that is there already.</summary>
    internal OffsetIndex(IntervalSearch search, ReadOnlySpan<ulong> targets)
    {
        _search = search;
        _displaced = Displace(search, targets);
    }

    /// <summary>How many intervals there are.</summary>
    public int Count => _search.Count;

    /// <summary>The interval at a position from 0, in ascending order, with what its first address leads to. O(1).</summary>
    public TargetInterval this[int position] =>
        new(_search[position], unchecked(_displaced[position].Start + _displaced[position].Displacement));

    /// <summary>Translates an address. O(log n).</summary>
    /// <param name="address">The address.</param>
    /// <param name="target">What it leads to; 0 if it is in no interval.</param>
    /// <returns>Whether it is in any.</returns>
    public bool TryFind(ulong address, out ulong target)
    {
        int position = _search.FirstEndingFrom(address);
        ref readonly Displaced found = ref _displaced[position];
        bool isIn = position < _search.Count && found.Start <= address;
        target = isIn ? unchecked(address + found.Displacement) : 0;
        return isIn;
    }

    /// <summary>Translates many addresses, in any order. O(log n) each, several times as fast as one by one.</summary>
    /// <param name="addresses">The addresses.</param>
    /// <param name="targets">Takes what each leads to, 0 for those in no interval; at least as long.</param>
    /// <param name="found">Takes whether each is in any interval; at least as long.</param>
    /// <returns>How many are.</returns>
    public int Find(ReadOnlySpan<ulong> addresses, Span<ulong> targets, Span<bool> found)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(targets.Length, addresses.Length, nameof(targets));
        ArgumentOutOfRangeException.ThrowIfLessThan(found.Length, addresses.Length, nameof(found));
        const int Batch = 256;
        Span<int> positions = stackalloc int[Batch];
        ReadOnlySpan<Displaced> displaced = _displaced;
        int end = _search.Count;
        int count = 0;
        while (!addresses.IsEmpty)
        {
            int size = Math.Min(Batch, addresses.Length);
            _search.FirstEndingFrom(addresses[..size], positions);
            for (int i = 0; i < size; i++)
            {
                // Nothing here is a branch: which of random addresses are found, no processor can guess.
                ulong address = addresses[i];
                int position = positions[i];
                Displaced at = displaced[position];
                int isIn = (position < end ? 1 : 0) & (at.Start <= address ? 1 : 0);
                targets[i] = unchecked(address + at.Displacement) & (0UL - (ulong)isIn);
                found[i] = isIn != 0;
                count += isIn;
            }

            addresses = addresses[size..];
            targets = targets[size..];
            found = found[size..];
        }

        return count;
    }

    // One more than there are intervals: where the search ends behind the last one, there is something to read.
    private static Displaced[] Displace(IntervalSearch search, ReadOnlySpan<ulong> targets)
    {
        var displaced = new Displaced[search.Count + 1];
        for (int i = 0; i < targets.Length; i++)
        {
            displaced[i] = new Displaced(search.Starts[i], unchecked(targets[i] - search.Starts[i]));
        }

        return displaced;
    }

    private readonly record struct Displaced(ulong Start, ulong Displacement);
}
