using System.Diagnostics.CodeAnalysis;

namespace ElfMmu.Intervals;

/// <summary>
/// Finds those of many intervals that contain an address or overlap an interval; they may overlap each other. Built once, then
/// never changed, so any number of threads may look up at once.
/// </summary>
/// <remarks>
/// The intervals, sorted by start, are the nodes of a Cartesian tree: in-order by position, and no child has a higher last
/// address than its parent. Of those that start early enough for a query, one that ends too early rules out its whole subtree;
/// that makes finding k of n O(log n + k), where a tree that only keeps maxima takes O(k log n). 32 bytes per interval beside
/// the values.
/// </remarks>
/// <typeparam name="T">What is found: a value that has an interval.</typeparam>
public sealed class IntervalIndex<T>
{
    // All arrays are indexed by position from 1; position 0 is "none" and has the highest last address there is, so that
    // searches for a high enough one stop there by themselves.
    private readonly ulong[] _starts;
    private readonly ulong[] _lasts;
    private readonly T[] _values;

    // The nearest position to the left with a higher last address; a chain of such ends in 0.
    private readonly int[] _higher;

    // A position further along that chain, such that searching the chain takes O(log n): Myers, "An applicative random-access
    // stack" (1983).
    private readonly int[] _jump;

    // The children in the Cartesian tree.
    private readonly int[] _left;
    private readonly int[] _right;

    /// <summary>Makes an index. O(n).</summary>
    /// <param name="values">The values in ascending order of the starts of their intervals.</param>
    /// <param name="intervalOf">Gives the interval of a value; called once for each.</param>
    /// <exception cref="ElfMmuException"><c>IntervalNotSorted</c>: a value starts below the one before it.</exception>
    public IntervalIndex(ReadOnlySpan<T> values, Func<T, Interval> intervalOf)
    {
        ArgumentNullException.ThrowIfNull(intervalOf);
        int room = values.Length + 1;
        _values = new T[room];
        values.CopyTo(_values.AsSpan(1));
        _starts = new ulong[room];
        _lasts = new ulong[room];
        _lasts[0] = ulong.MaxValue;
        _higher = new int[room];
        _jump = new int[room];
        _left = new int[room];
        _right = new int[room];

        int[] depths = new int[room];
        for (int position = 1; position < room; position++)
        {
            Interval interval = intervalOf(_values[position]);
            if (interval.Start < _starts[position - 1])
            {
                ThrowNotSorted(interval, Interval.FromStartAndLast(_starts[position - 1], _lasts[position - 1]));
            }

            HasOverlaps |= position > 1 && interval.Start <= _lasts[position - 1];
            _starts[position] = interval.Start;
            _lasts[position] = interval.Last;
            Link(position, depths);
        }
    }

    /// <summary>How many values there are.</summary>
    public int Count => _values.Length - 1;

    /// <summary>Whether any two intervals overlap.</summary>
    public bool HasOverlaps { get; }

    /// <summary>Finds all values whose interval contains an address. O(log n + k) for k of them, without allocating.</summary>
    /// <param name="address">The address.</param>
    /// <returns>To be enumerated: from the highest to the lowest start, that is in the reverse of the index's order.</returns>
    public IntervalMatches<T> Find(ulong address) => new(this, FirstMatch(address, address), address);

    /// <summary>
    /// Finds all values whose interval has an address in common with another. O(log n + k) for k of them, without allocating.
    /// </summary>
    /// <param name="interval">The other interval.</param>
    /// <returns>To be enumerated: from the highest to the lowest start, that is in the reverse of the index's order.</returns>
    public IntervalMatches<T> Find(Interval interval) =>
        new(this, FirstMatch(interval.Start, interval.Last), interval.Start);

    /// <summary>
    /// Finds the value whose interval contains an address; of several the last in the index's order. O(log n); O(1) where
    /// nothing overlaps and the address is in the interval found last or in the next one.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <param name="lastHit">What the last search found: 0 at first, then left alone by the caller. Any value is safe, and none
    /// changes the answer. Every thread has its own.</param>
    /// <param name="value">The value, when there is one.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryFind(ulong address, ref int lastHit, [MaybeNullWhen(false)] out T value)
    {
        // Where intervals overlap, the last one found may contain the address and yet not be the one to find.
        int position = HasOverlaps ? 0
            : Covers(lastHit, address) ? lastHit
            : Covers(unchecked(lastHit + 1), address) ? lastHit + 1
            : 0;
        if (position == 0)
        {
            position = FirstMatch(address, address);
            if (position == 0)
            {
                value = default;
                return false;
            }
        }

        lastHit = position;
        value = _values[position];
        return true;
    }

    /// <summary>The value at a position from 1.</summary>
    internal ref readonly T ValueAt(int position) => ref _values[position];

    /// <summary>The match before a match, for the same query; 0 when it was the last.</summary>
    internal int NextMatch(int position, ulong first)
    {
        // What lies between here and the higher neighbour is the left subtree; the rightmost match in it, if any, is at the
        // end of the matching right spine. Those passed on the way are matches that come next, each found by _higher.
        int child = _left[position];
        if (child == 0 || _lasts[child] < first)
        {
            return _higher[position];
        }

        while (_right[child] != 0 && _lasts[_right[child]] >= first)
        {
            child = _right[child];
        }

        return child;
    }

    [DoesNotReturn]
    private static void ThrowNotSorted(Interval interval, Interval previous) => throw new ElfMmuException(
        "IntervalNotSorted",
        ErrorKind.InvalidArgument,
        $"The interval {interval} comes after {previous}, which starts later; an index is built from intervals in ascending "
            + "order of their starts.");

    /// <summary>The last position that starts at or below one address and ends at or above the other; 0 when none does.</summary>
    private int FirstMatch(ulong first, ulong last)
    {
        int low = 1;
        int high = _starts.Length;
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) / 2);
            if (_starts[middle] <= last)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        int position = low - 1;
        while (_lasts[position] < first)
        {
            int jump = _jump[position];
            position = _lasts[jump] < first ? jump : _higher[position];
        }

        return position;
    }

    private bool Covers(int position, ulong address) =>
        (uint)position < (uint)_starts.Length && position != 0 && _starts[position] <= address && address <= _lasts[position];

    /// <summary>Adds the next position to the tree: O(1) on average, for every position leaves the right spine once.</summary>
    private void Link(int position, int[] depths)
    {
        int below = 0;
        int higher = position - 1;
        while (higher != 0 && _lasts[higher] <= _lasts[position])
        {
            below = higher;
            higher = _higher[higher];
        }

        _left[position] = below;
        _higher[position] = higher;
        if (higher != 0)
        {
            _right[higher] = position;
        }

        int jump = _jump[higher];
        bool twice = depths[higher] - depths[jump] == depths[jump] - depths[_jump[jump]];
        depths[position] = depths[higher] + 1;
        _jump[position] = twice ? _jump[jump] : higher;
    }
}
