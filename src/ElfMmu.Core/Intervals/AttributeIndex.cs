using System.Diagnostics.CodeAnalysis;

namespace ElfMmu.Intervals;

/// <summary>
/// Finds what holds for an address: disjoint intervals, each with one value for all its addresses. Built once, then never changed, so any
/// number of threads may look up at once.
/// </summary>
/// <remarks>O(log n) an address, of base 17; about 25 bytes an interval beside the values.</remarks>
/// <typeparam name="T">What holds for the addresses.</typeparam>
public sealed class AttributeIndex<T>
{
    private readonly IntervalSearch _search;
    private readonly T[] _values;

    /// <summary>Makes an index. O(n).</summary>
    /// <param name="intervals">The intervals, ascending and disjoint.</param>
    /// <param name="values">The value of each; as many.</param>
    /// <exception cref="ElfMmuException">
    /// <c>IntervalNotSorted</c>: one starts below the one before it; <c>IntervalOverlap</c>: one starts in the one before it.
    /// </exception>
    public AttributeIndex(ReadOnlySpan<Interval> intervals, ReadOnlySpan<T> values)
        : this(new IntervalSearch(intervals), values)
    {
    }

    /// <summary>Makes an index of a tree that is there already.</summary>
    internal AttributeIndex(IntervalSearch search, ReadOnlySpan<T> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, search.Count, nameof(values));
        _search = search;
        _values = values.ToArray();
    }

    /// <summary>How many intervals there are.</summary>
    public int Count => _search.Count;

    /// <summary>The interval at a position from 0, in ascending order, with its value. O(1).</summary>
    public (Interval Interval, T Value) this[int position] => (_search[position], _values[position]);

    /// <summary>Finds what holds for an address. O(log n).</summary>
    /// <param name="address">The address.</param>
    /// <param name="value">What holds for it, if it is in any interval.</param>
    /// <returns>Whether it is.</returns>
    public bool TryFind(ulong address, [MaybeNullWhen(false)] out T value)
    {
        int position = _search.Find(address);
        value = position < 0 ? default : _values[position];
        return position >= 0;
    }

    /// <summary>Finds what holds for many addresses, in any order. O(log n) each, several times as fast as one by one.</summary>
    /// <param name="addresses">The addresses.</param>
    /// <param name="values">Takes what holds for each, the default value for those in no interval; at least as long.</param>
    /// <param name="found">Takes whether each is in any interval; at least as long.</param>
    /// <returns>How many are.</returns>
    public int Find(ReadOnlySpan<ulong> addresses, Span<T?> values, Span<bool> found)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, addresses.Length, nameof(values));
        ArgumentOutOfRangeException.ThrowIfLessThan(found.Length, addresses.Length, nameof(found));
        const int Batch = 256;
        Span<int> positions = stackalloc int[Batch];
        int count = 0;
        while (!addresses.IsEmpty)
        {
            int size = Math.Min(Batch, addresses.Length);
            _search.FirstEndingFrom(addresses[..size], positions);
            for (int i = 0; i < size; i++)
            {
                int position = positions[i];
                bool isIn = position < _search.Count && _search.Starts[position] <= addresses[i];
                values[i] = isIn ? _values[position] : default;
                found[i] = isIn;
                count += isIn ? 1 : 0;
            }

            addresses = addresses[size..];
            values = values[size..];
            found = found[size..];
        }

        return count;
    }
}
