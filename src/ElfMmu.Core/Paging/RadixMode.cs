namespace ElfMmu.Paging;

/// <summary>A mode whose tables form radix trees.</summary>
/// <typeparam name="TFormat">The format of the entries.</typeparam>
internal sealed class RadixMode<TFormat> : PagingMode
    where TFormat : struct, IRadixFormat
{
    /// <summary>The trees that make up a space, ascending by address, with decoders made for the processor's state.</summary>
    internal required Func<PagingMode, WalkRequest, IReadOnlyList<RadixTree<TFormat>>> Trees { get; init; }

    /// <inheritdoc/>
    public override WalkSummary Walk<TSink>(WalkRequest request, ref TSink sink)
    {
        IReadOnlyList<RadixTree<TFormat>> trees = Trees(this, request);
        var summary = new WalkSummary();
        ulong granule = trees.Count == 0 ? 1 : trees.Min(t => t.Levels[0].Span);
        var emitter = new MappingEmitter<TSink>(request, granule, ref sink);
        int present = 0;
        foreach (RadixTree<TFormat> tree in trees)
        {
            var walker = new RadixWalker<TFormat, TSink>(tree, request, summary);
            if (!walker.HasRoot)
            {
                summary.AddAbsentTable(tree.Root);
                continue;
            }

            present++;
            summary.Stopped = !walker.Run(ref emitter);
            if (summary.Stopped)
            {
                break;
            }
        }

        if (present == 0 && trees.Count > 0)
        {
            throw RootNotInDump(trees[0].Root, request);
        }

        summary.Stopped = summary.Stopped || !emitter.Flush();
        sink = emitter.Sink;
        return summary;
    }

    /// <inheritdoc/>
    public override AddressTranslator NewTranslator(WalkRequest request) =>
        new RadixTranslator<TFormat>(PresentTrees(request), Tags(request.Options), request);

    /// <inheritdoc/>
    internal override TableView NewView(WalkRequest request) =>
        new RadixView<TFormat>(this, PresentTrees(request), Tags(request.Options), request);

    private IReadOnlyList<RadixTree<TFormat>> PresentTrees(WalkRequest request)
    {
        IReadOnlyList<RadixTree<TFormat>> trees = Trees(this, request);
        var reader = new EntryReader(request);
        return trees.Count == 0 || trees.Any(t => reader.HasAny(t.Root, t.Levels[^1].EntryCount << TFormat.EntrySizeShift))
            ? trees
            : throw RootNotInDump(trees[0].Root, request);
    }
}
