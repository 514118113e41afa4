namespace ElfMmu.Paging;

/// <summary>Shows the tables of MIPS's page walk.</summary>
internal sealed class MipsView(MipsDescent descent) : TableView
{
    /// <inheritdoc/>
    public override IReadOnlyList<TablePlace> Roots => descent.Root is { } root ? [root] : [];

    /// <inheritdoc/>
    public override Translation Trace(ulong address, ICollection<WalkStep> steps) => descent.Translate(address, steps);

    /// <inheritdoc/>
    public override IEnumerable<WalkStep> Entries(TablePlace table) =>
        Enumerable.Range(0, descent.Levels[^(table.Height + 1)].EntryCount).Select(index => descent.Step(table, index));

    /// <inheritdoc/>
    public override TablePlace? At(ulong address, int level)
    {
        for (int depth = 0; depth < descent.Levels.Count; depth++)
        {
            if (descent.Levels[depth].Number == level)
            {
                return new TablePlace(address, descent.Levels.Count - 1 - depth);
            }
        }

        return null;
    }
}
