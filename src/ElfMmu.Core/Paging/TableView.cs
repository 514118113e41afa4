namespace ElfMmu.Paging;

/// <summary>Shows a mode's tables entry by entry. For one thread.</summary>
internal abstract class TableView
{
    /// <summary>The top tables, ascending by the addresses they are for.</summary>
    public abstract IReadOnlyList<TablePlace> Roots { get; }

    /// <summary>
    /// Translates an address and tells every step. What comes out, and the last step, are what the mode's translator gives.
    /// </summary>
    /// <param name="address">The virtual address.</param>
    /// <param name="steps">Takes the steps; none when the mode doesn't translate the address.</param>
    public abstract Translation Trace(ulong address, ICollection<WalkStep> steps);

    /// <summary>The entries of a table, in their order, also those that are 0.</summary>
    public abstract IEnumerable<WalkStep> Entries(TablePlace table);

    /// <summary>A table of which nothing is known but where it is and its level's number; null when the mode has no such level.</summary>
    public abstract TablePlace? At(ulong address, int level);
}
