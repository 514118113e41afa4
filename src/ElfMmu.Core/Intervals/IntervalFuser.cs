namespace ElfMmu.Intervals;

/// <summary>Fuses intervals that are all there, in any order.</summary>
/// <remarks>
/// <para>What the result of fusing is, here and in <see cref="StreamingFuser{TTag, TMerger}"/> and
/// <see cref="FuseBuilder{TTag, TMerger}"/>:</para>
/// <para>Two intervals are alike when they have the same group; for <see cref="FuseBy.Target"/>, also the same displacement
/// (target minus start, modulo 2^64); for <see cref="FuseBy.Rights"/>, also the same rights. The result is, for every class of
/// alike intervals, the union of them, cut in its maximal contiguous pieces. So touching or overlapping alike intervals become
/// one, duplicates collapse, unlike intervals are never merged whether they overlap or not, and every address keeps every
/// target, right and group it had in the input.</para>
/// <para>Results are ordered by start, then last address, then target, then rights, then group; no two agree on all of these.
/// The target of a piece is the one its first address had. Where target or rights aren't compared, a piece has those of its
/// first address, and of several members that start there the smallest (target, rights). Tags are merged over all members of
/// a piece, duplicates included.</para>
/// <para>Therefore the result doesn't depend on the order of the input, and fusing it again changes nothing.</para>
/// </remarks>
public static class IntervalFuser
{
    /// <summary>Fuses items into a new array. O(n log n) time, O(n) for items that are sorted by start; O(n) memory.</summary>
    /// <typeparam name="TTag">What the caller carries along.</typeparam>
    /// <typeparam name="TMerger">Merges the tags of what is fused.</typeparam>
    /// <param name="items">The items in any order; they stay as they are.</param>
    /// <param name="by">What fused intervals must agree on.</param>
    /// <param name="merger">Merges the tags of what is fused.</param>
    /// <returns>The result, in its order.</returns>
    public static FuseItem<TTag>[] Fuse<TTag, TMerger>(
        ReadOnlySpan<FuseItem<TTag>> items, FuseBy by = FuseBy.Target | FuseBy.Rights, TMerger merger = default)
        where TMerger : struct, ITagMerger<TTag>
    {
        FuseItem<TTag>[] result = items.ToArray();
        Array.Resize(ref result, FuseInPlace(result, by, merger));
        return result;
    }

    /// <summary>Fuses items that carry no tag into a new array. O(n log n) time, O(n) when sorted; O(n) memory.</summary>
    /// <param name="items">The items in any order; they stay as they are.</param>
    /// <param name="by">What fused intervals must agree on.</param>
    /// <returns>The result, in its order.</returns>
    public static FuseItem<NoTag>[] Fuse(
        ReadOnlySpan<FuseItem<NoTag>> items, FuseBy by = FuseBy.Target | FuseBy.Rights) =>
        Fuse<NoTag, NoTag>(items, by);

    /// <summary>
    /// Fuses items in the memory they are in. O(n log n) time, O(n) for items that are sorted by start; beyond the items only
    /// what <see cref="StreamingFuser{TTag, TMerger}"/> needs.
    /// </summary>
    /// <typeparam name="TTag">What the caller carries along.</typeparam>
    /// <typeparam name="TMerger">Merges the tags of what is fused.</typeparam>
    /// <param name="items">The items in any order; afterwards the result stands at the front, in its order.</param>
    /// <param name="by">What fused intervals must agree on.</param>
    /// <param name="merger">Merges the tags of what is fused.</param>
    /// <returns>How many the result is.</returns>
    public static int FuseInPlace<TTag, TMerger>(
        Span<FuseItem<TTag>> items, FuseBy by = FuseBy.Target | FuseBy.Rights, TMerger merger = default)
        where TMerger : struct, ITagMerger<TTag> =>
        FuseInPlace(items, new StreamingFuser<TTag, TMerger>(by, merger));

    /// <summary>As the public one, with a fuser that has nothing waiting and is left so.</summary>
    internal static int FuseInPlace<TTag, TMerger>(Span<FuseItem<TTag>> items, StreamingFuser<TTag, TMerger> fuser)
        where TMerger : struct, ITagMerger<TTag>
    {
        if (!IsSortedByStart(items))
        {
            items.Sort(static (a, b) => FuseItem<TTag>.Compare(in a, in b));
        }

        // No more results come out than items went in, so the results never overtake the reading.
        var sink = new SpanSink<TTag>(items);
        foreach (ref readonly FuseItem<TTag> item in items)
        {
            fuser.Add(in item, ref sink);
        }

        fuser.Complete(ref sink);
        items[sink.Count..].Clear();
        return sink.Count;
    }

    private static bool IsSortedByStart<TTag>(ReadOnlySpan<FuseItem<TTag>> items)
    {
        for (int index = 1; index < items.Length; index++)
        {
            if (items[index].Interval.Start < items[index - 1].Interval.Start)
            {
                return false;
            }
        }

        return true;
    }

    private ref struct SpanSink<TTag>(Span<FuseItem<TTag>> items) : IFuseSink<TTag>
    {
        private readonly Span<FuseItem<TTag>> _items = items;

        public int Count { get; private set; }

        public void Emit(in FuseItem<TTag> item) => _items[Count++] = item;
    }
}
