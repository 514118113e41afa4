namespace ElfMmu.Paging;

/// <summary>What the bits of a mode's entries are called.</summary>
/// <param name="Present">Bits of which an entry that is present has any; of all others nothing is shown, for their bits are software's.</param>
/// <param name="Layouts">The kinds of entries; the first that fits counts.</param>
internal sealed record EntryLayouts(ulong Present, params EntryLayout[] Layouts)
{
    /// <summary>An entry's bits in words: <c>P RW US A D</c>.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="height">How many levels are below it.</param>
    public string Describe(ulong entry, int height) => (entry & Present) == 0
        ? ""
        : Layouts.FirstOrDefault(l =>
            height >= l.LowestHeight && height <= l.HighestHeight && (entry & l.Mask) == l.Match) is { } layout
            ? Words(layout, entry)
            : "";

    private static string Words(EntryLayout layout, ulong entry) =>
        string.Join(' ', layout.Fields.Select(f => f.Show(entry)).Where(word => word.Length > 0));
}
