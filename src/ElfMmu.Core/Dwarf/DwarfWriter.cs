namespace ElfMmu.Dwarf;

/// <summary>
/// Writes debug information in DWARF 4 or 5, for any class and byte order. Every section is complete: nothing needs relocation, for
/// addresses are final.
/// </summary>
public static class DwarfWriter
{
    /// <summary>
    /// Writes a unit. Time and memory are O(n) in its types, members, variables, functions and rows, but for sorting the ranges of its
    /// functions; a hundred thousand functions take a fraction of a second.
    /// </summary>
    /// <param name="unit">What to say.</param>
    /// <param name="target">For what.</param>
    /// <returns>The sections that aren't empty, among them always <c>.debug_info</c> and <c>.debug_abbrev</c>.</returns>
    /// <exception cref="ElfMmuException"><c>DwarfValueInvalid</c>: a value doesn't fit the target or contradicts another.
    /// <c>DwarfTooLarge</c>: a section gets larger than 2 GiB.</exception>
    public static IReadOnlyList<DwarfSection> Write(DwarfUnit unit, DwarfTarget target)
    {
        ArgumentNullException.ThrowIfNull(unit);
        return Write([unit], target);
    }

    /// <summary>
    /// Writes several units. Each has the types it refers to as entries of its own; strings are shared. See
    /// <see cref="Write(DwarfUnit, DwarfTarget)"/> for cost and errors.
    /// </summary>
    /// <param name="units">What to say.</param>
    /// <param name="target">For what.</param>
    /// <returns>The sections that aren't empty.</returns>
    public static IReadOnlyList<DwarfSection> Write(IEnumerable<DwarfUnit> units, DwarfTarget target)
    {
        ArgumentNullException.ThrowIfNull(units);
        ArgumentNullException.ThrowIfNull(target);
        var writer = new DwarfUnitWriter(target);
        foreach (DwarfUnit unit in units)
        {
            writer.Write(unit);
        }

        return writer.Sections();
    }
}
