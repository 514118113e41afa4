namespace ElfMmu.Intervals;

/// <summary>
/// Collects intervals in any order and fuses while it does, so that memory follows the result and not the input.
/// <see cref="IntervalFuser"/> says what the result is.
/// </summary>
/// <remarks>
/// An item that continues one of the last few is fused with it at once; when the room is full, everything is fused, and room is
/// added only when that freed less than half of it. So the room is never more than four times the longest result so far (at
/// least 64 items; fusing what overlaps takes as much again), and adding costs O(log n) on average, O(1) where items continue
/// each other. Not for use by two threads at once.
/// </remarks>
/// <typeparam name="TTag">What the caller carries along.</typeparam>
/// <typeparam name="TMerger">Merges the tags of what is fused.</typeparam>
public sealed class FuseBuilder<TTag, TMerger>
    where TMerger : struct, ITagMerger<TTag>
{
    private const int InitialRoom = 64;

    // Input that is nearly in order alternates between a few runs at most: two roots, or a page table and its neighbour.
    private const int Recent = 4;

    private readonly FuseBy _by;
    private readonly StreamingFuser<TTag, TMerger> _fuser;
    private TMerger _merger;
    private FuseItem<TTag>[] _items = new FuseItem<TTag>[InitialRoom];

    /// <summary>Makes a builder with nothing in it. O(1).</summary>
    /// <param name="by">What fused intervals must agree on.</param>
    /// <param name="merger">Merges the tags of what is fused.</param>
    public FuseBuilder(FuseBy by = FuseBy.Target | FuseBy.Rights, TMerger merger = default)
    {
        _by = by;
        _merger = merger;
        _fuser = new StreamingFuser<TTag, TMerger>(by, merger);
    }

    /// <summary>How many items are held; at least as many as the result has.</summary>
    public int Count { get; private set; }

    /// <summary>How many items there is room for.</summary>
    internal int Room => _items.Length;

    /// <summary>Adds an item. O(log n) on average, without allocating except when room is added.</summary>
    /// <param name="item">The item.</param>
    public void Add(in FuseItem<TTag> item)
    {
        FuseKey key = FuseKey.Of(in item, _by);
        for (int index = Count - 1; index >= Math.Max(0, Count - Recent); index--)
        {
            ref FuseItem<TTag> recent = ref _items[index];
            if (recent.Interval.Touches(item.Interval) && FuseKey.Of(in recent, _by) == key)
            {
                recent = FuseItem<TTag>.Merge(in recent, in item, ref _merger);
                return;
            }
        }

        if (Count == _items.Length)
        {
            Fuse();
            if (Count > _items.Length / 2)
            {
                Array.Resize(ref _items, _items.Length * 2);
            }
        }

        _items[Count++] = item;
    }

    /// <summary>Gives the result of all that was added so far; more may be added afterwards. O(n log n).</summary>
    /// <returns>The result, in its order.</returns>
    public FuseItem<TTag>[] ToArray()
    {
        Fuse();
        return _items.AsSpan(0, Count).ToArray();
    }

    private void Fuse() => Count = IntervalFuser.FuseInPlace(_items.AsSpan(0, Count), _fuser);
}
