namespace ElfMmu.Paging;

/// <summary>One level of a radix tree of page tables.</summary>
/// <param name="Name">What an entry at this level is called: <c>PML4E</c>, <c>PTE</c>.</param>
/// <param name="Number">The level's number, as the architecture counts.</param>
/// <param name="Shift">The lowest bit of the virtual address that selects an entry, which is also the log2 of what one entry spans.</param>
/// <param name="IndexBits">How many bits of the virtual address select an entry.</param>
/// <param name="HasLeaves">Whether an entry at this level can map a page.</param>
public readonly record struct PagingLevel(string Name, int Number, int Shift, int IndexBits, bool HasLeaves)
{
    /// <summary>How many entries a table has.</summary>
    public int EntryCount => 1 << IndexBits;

    /// <summary>How many bytes of virtual addresses one entry spans.</summary>
    public ulong Span => 1UL << Shift;
}
