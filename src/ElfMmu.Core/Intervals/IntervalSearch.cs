using System.Diagnostics.CodeAnalysis;

namespace ElfMmu.Intervals;

/// <summary>
/// Which of many disjoint intervals contains an address: the core that the look-up indexes share. Never changed once built, so any number
/// of threads may look up at once.
/// </summary>
/// <remarks>
/// <para>The last addresses of the intervals are the keys of a static tree: the keys themselves in order, in nodes of 16, which are two
/// cache lines; above every 17 nodes a node with the highest keys of the first 16 of them; and so on up to one node. A look-up counts in
/// one node a level the keys below the address, without a branch that depends on them, so that those of a batch overlap. Keys have their
/// highest bit flipped, since comparing signed numbers is what every instruction set can do.</para>
/// <para>Looking up is O(log n), of base 17. Memory is 17 bytes an interval, and 16 for its start and what comes with it.</para>
/// </remarks>
internal sealed partial class IntervalSearch
{
    private const int NodeSize = 16;
    private const int Fanout = NodeSize + 1;
    private const int CacheLine = 64;
    private const ulong SignBit = 1UL << 63;

    // Pinned, so that nodes stay on the boundaries of cache lines; _base is where the first node is.
    private readonly long[] _keys;
    private readonly int _base;

    // Where each level starts, from the top to the keys themselves, counted in nodes from _base.
    private readonly int[] _levels;

    /// <summary>Makes the tree. O(n).</summary>
    /// <param name="intervals">The intervals, ascending and disjoint.</param>
    /// <exception cref="ElfMmuException">
    /// <c>IntervalNotSorted</c>: one starts below the one before it; <c>IntervalOverlap</c>: one starts in the one before it.
    /// </exception>
    public IntervalSearch(ReadOnlySpan<Interval> intervals)
    {
        Count = intervals.Length;
        Starts = new ulong[Count + 1];
        int leaves = Nodes(Count);
        _levels = Levels(leaves, out int nodes);
        _keys = GC.AllocateUninitializedArray<long>(checked((nodes * NodeSize) + (CacheLine / sizeof(long))), pinned: true);
        _base = BaseOf(_keys);
        Span<long> all = _keys.AsSpan(_base, nodes * NodeSize);
        Span<long> keys = all[(_levels[^1] * NodeSize)..];
        for (int i = 0; i < intervals.Length; i++)
        {
            Interval interval = intervals[i];
            if (i > 0 && interval.Start <= intervals[i - 1].Last)
            {
                ThrowNotDisjoint(interval, intervals[i - 1]);
            }

            Starts[i] = interval.Start;
            keys[i] = Key(interval.Last);
        }

        // No address is above the highest key, so what fills a node up is never counted.
        keys[Count..].Fill(long.MaxValue);
        LinkLevels(all, leaves);
    }

    /// <summary>How many intervals there are.</summary>
    public int Count { get; }

    /// <summary>The first addresses of the intervals, and one more place that means nothing.</summary>
    public ulong[] Starts { get; }

    /// <summary>The interval at a position from 0.</summary>
    public Interval this[int position] => Interval.FromStartAndLast(
        Starts[..Count][position], (ulong)_keys[_base + (_levels[^1] * NodeSize) + position] ^ SignBit);

    /// <summary>The position of the interval that contains an address; -1 if none does. O(log n).</summary>
    public int Find(ulong address)
    {
        int position = FirstEndingFrom(address);
        return position < Count && Starts[position] <= address ? position : -1;
    }

    /// <summary>
    /// The position of the first interval that ends at an address or above it, <see cref="Count"/> if none does: the address is in that one
    /// or in none. O(log n).
    /// </summary>
    public int FirstEndingFrom(ulong address)
    {
        Span<int> position = stackalloc int[1];
        FirstEndingFrom(new ReadOnlySpan<ulong>(in address), position);
        return position[0];
    }

    /// <summary>The same for many addresses in any order. O(log n) each, several times as fast as one by one.</summary>
    /// <param name="addresses">The addresses.</param>
    /// <param name="positions">Takes a position for each; at least as long.</param>
    public void FirstEndingFrom(ReadOnlySpan<ulong> addresses, Span<int> positions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(positions.Length, addresses.Length, nameof(positions));
        if (Count == 0)
        {
            positions[..addresses.Length].Clear();
        }
        else if (IsVectorized)
        {
            DescendVectorized(addresses, positions);
        }
        else
        {
            DescendScalar(addresses, positions);
        }
    }

    /// <summary>The reference that what is vectorized is tested against, and what runs where there are no vectors: a binary search.</summary>
    internal void DescendScalar(ReadOnlySpan<ulong> addresses, Span<int> positions)
    {
        ReadOnlySpan<long> keys = _keys.AsSpan(_base + (_levels[^1] * NodeSize), Count);
        for (int i = 0; i < addresses.Length; i++)
        {
            long key = Key(addresses[i]);
            int low = 0;
            int high = keys.Length;
            while (low < high)
            {
                int middle = (int)(((uint)low + (uint)high) / 2);
                (low, high) = keys[middle] < key ? (middle + 1, high) : (low, middle);
            }

            positions[i] = low;
        }
    }

    private static long Key(ulong address) => (long)(address ^ SignBit);

    private static int Nodes(int keys) => Math.Max(1, (int)(((uint)keys + NodeSize - 1) / NodeSize));

    private static int[] Levels(int leaves, out int nodes)
    {
        List<int> sizes = [leaves];
        while (sizes[^1] > 1)
        {
            sizes.Add((sizes[^1] + Fanout - 1) / Fanout);
        }

        sizes.Reverse();
        int[] starts = new int[sizes.Count];
        nodes = 0;
        for (int i = 0; i < starts.Length; i++)
        {
            starts[i] = nodes;
            nodes = checked(nodes + sizes[i]);
        }

        return starts;
    }

    private static unsafe int BaseOf(long[] keys)
    {
        fixed (long* first = keys)
        {
            return (int)((CacheLine - ((nuint)first % CacheLine)) % CacheLine) / sizeof(long);
        }
    }

    /// <summary>Fills the levels above the keys: the highest key below each child but the last one.</summary>
    private void LinkLevels(Span<long> all, int leaves)
    {
        Span<long> keys = all[(_levels[^1] * NodeSize)..];
        long leavesOfChild = 1;
        for (int level = _levels.Length - 2; level >= 0; level--)
        {
            Span<long> nodes = all[(_levels[level] * NodeSize)..(_levels[level + 1] * NodeSize)];
            for (int i = 0; i < nodes.Length; i++)
            {
                long child = ((long)(i / NodeSize) * Fanout) + (i % NodeSize);
                long end = (child + 1) * leavesOfChild;
                nodes[i] = end < leaves ? keys[(int)(end * NodeSize) - 1] : long.MaxValue;
            }

            leavesOfChild *= Fanout;
        }
    }

    [DoesNotReturn]
    private static void ThrowNotDisjoint(Interval interval, Interval previous) => throw (interval.Start < previous.Start
        ? new ElfMmuException(
            "IntervalNotSorted",
            ErrorKind.InvalidArgument,
            $"The interval {interval} comes after {previous}, which starts later; an index is built from intervals in ascending order.")
        : new ElfMmuException(
            "IntervalOverlap",
            ErrorKind.InvalidArgument,
            $"The interval {interval} overlaps {previous}; in this index every address is in one interval at most. Fuse the intervals "
                + "first, or use an index for intervals that overlap."));
}
