namespace ElfMmu.Paging;

/// <summary>Shows PowerPC's hash table: all of it, one group, or a frame read as groups.</summary>
internal sealed class PowerPcView(PowerPcSearch search) : TableView
{
    /// <summary>A place that is one group; its offset is the hash that selects it.</summary>
    public const int Group = 1;

    private const int Frame = 2;
    private const int FrameSize = 4096;

    /// <inheritdoc/>
    public override IReadOnlyList<TablePlace> Roots => [new TablePlace(search.Groups.Origin, 0)];

    /// <inheritdoc/>
    public override Translation Trace(ulong address, ICollection<WalkStep> steps) => search.Translate(address, steps);

    /// <inheritdoc/>
    public override IEnumerable<WalkStep> Entries(TablePlace table) => table.Tree switch
    {
        Group => OfGroup(table, (uint)table.Address, (uint?)table.Offset, 0),
        Frame => Enumerable.Range(0, FrameSize / PowerPcGroup.Size)
            .SelectMany(i => OfGroup(table, (uint)table.Address + ((uint)i * PowerPcGroup.Size), null, i)),
        _ => search.Groups.Hashes().SelectMany((hash, i) => OfGroup(table, search.Groups.Address(hash), hash, i)),
    };

    /// <inheritdoc/>
    public override TablePlace? At(ulong address, int level) => level == 1 ? new TablePlace(address, 0) { Tree = Frame } : null;

    private IEnumerable<WalkStep> OfGroup(TablePlace table, uint group, uint? hash, long number) =>
        Enumerable.Range(0, PowerPcGroup.Ptes).Select(i =>
            search.Entry(table, group + ((uint)i * PowerPcGroup.PteSize), (number * PowerPcGroup.Ptes) + i, hash));
}
