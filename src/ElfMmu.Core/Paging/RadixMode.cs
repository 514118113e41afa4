namespace ElfMmu.Paging;

/// <summary>A mode whose tables form a radix tree.</summary>
/// <typeparam name="TFormat">The format of the entries.</typeparam>
public sealed class RadixMode<TFormat> : PagingMode
    where TFormat : struct, IRadixFormat
{
    /// <summary>Makes the format's decoder for a processor's state.</summary>
    public required Func<PagingOptions, TFormat> Format { get; init; }

    /// <summary>Whether addresses above the top level's highest bit repeat that bit.</summary>
    public bool SignExtended { get; init; }

    /// <inheritdoc/>
    public override WalkSummary Walk<TSink>(WalkRequest request, ref TSink sink) =>
        new RadixWalker<TFormat, TSink>(this, request).Run(ref sink);
}
