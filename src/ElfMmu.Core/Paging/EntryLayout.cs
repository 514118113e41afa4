namespace ElfMmu.Paging;

/// <summary>What the bits of one kind of entry are called.</summary>
/// <param name="Mask">Which bits say whether an entry is of this kind.</param>
/// <param name="Match">What they have to be.</param>
/// <param name="Fields">The fields in the order they are shown in.</param>
internal sealed record EntryLayout(ulong Mask, ulong Match, params EntryField[] Fields)
{
    /// <summary>How many levels are at least below an entry of this kind.</summary>
    public int LowestHeight { get; init; }

    /// <summary>How many levels are at most below it.</summary>
    public int HighestHeight { get; init; } = int.MaxValue;
}
