namespace ElfMmu.Paging;

/// <summary>One radix tree of page tables; a space has one, or one for each half of its addresses.</summary>
/// <typeparam name="TFormat">The format of the entries.</typeparam>
/// <param name="Format">The decoder of the entries, made for the processor's state.</param>
/// <param name="Root">The physical address of the top table.</param>
/// <param name="Levels">The levels, the last one first.</param>
public readonly record struct RadixTree<TFormat>(TFormat Format, ulong Root, IReadOnlyList<PagingLevel> Levels)
    where TFormat : struct, IRadixFormat
{
    /// <summary>What is added to every address: where the tree's first entry stands.</summary>
    public ulong Base { get; init; }

    /// <summary>The first address that is translated by this tree.</summary>
    public ulong First { get; init; }

    /// <summary>The last address that is translated by this tree.</summary>
    public ulong Last { get; init; } = ulong.MaxValue;

    /// <summary>Whether addresses above the top level's highest bit repeat that bit.</summary>
    public bool SignExtended { get; init; }
}
