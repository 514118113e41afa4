namespace ElfMmu.Paging;

/// <summary>A table, and the way on which it was reached as far as it is known.</summary>
/// <param name="Address">Its physical address.</param>
/// <param name="Height">How many levels are below it.</param>
internal sealed record TablePlace(ulong Address, int Height)
{
    /// <summary>Which of a mode's trees it belongs to.</summary>
    public int Tree { get; init; }

    /// <summary>How far its first entry's addresses stand behind the tree's first; null where the way isn't known.</summary>
    public ulong? Offset { get; init; }

    /// <summary>What the levels above said, in the format's own words; null where the way isn't known.</summary>
    public ulong? State { get; init; }
}
