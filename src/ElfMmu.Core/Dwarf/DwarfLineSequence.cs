namespace ElfMmu.Dwarf;

/// <summary>Rows of a line table with rising addresses.</summary>
/// <param name="Rows">The rows, at least one.</param>
/// <param name="End">The address of the first byte behind them.</param>
internal sealed record DwarfLineSequence(IReadOnlyList<DwarfLine> Rows, ulong End)
{
    /// <summary>
    /// The sequences of a unit's rows, in the order of their addresses: readers expect it. O(rows), plus O(s log s) for s sequences.
    /// </summary>
    public static List<DwarfLineSequence> Of(DwarfUnit unit, DwarfTarget target)
    {
        var sequences = new List<DwarfLineSequence>();
        var rows = new List<DwarfLine>();
        foreach (DwarfLine row in unit.Lines)
        {
            DwarfErrors.Address(target, row.Address, "a line of", row.File);
            if (rows.Count > 0 && row.Address < rows[^1].Address)
            {
                throw DwarfErrors.Value(
                    $"The line table of '{unit.Name}' goes back from 0x{rows[^1].Address:x} to 0x{row.Address:x} within a sequence",
                    "sort its rows by address, or end the sequence before with DwarfLine.End");
            }

            if (!row.IsEnd)
            {
                rows.Add(row);
            }
            else if (rows.Count > 0)
            {
                sequences.Add(new DwarfLineSequence(rows, row.Address));
                rows = [];
            }
        }

        if (rows.Count > 0)
        {
            sequences.Add(new DwarfLineSequence(rows, ImpliedEnd(unit, rows[^1])));
        }

        return [.. sequences.OrderBy(s => s.Rows[0].Address)];
    }

    private static ulong ImpliedEnd(DwarfUnit unit, DwarfLine last)
    {
        foreach (DwarfFunction function in unit.Functions)
        {
            if (last.Address >= function.Address && last.Address - function.Address < function.Size)
            {
                return function.Address + function.Size;
            }
        }

        throw DwarfErrors.Value(
            $"The line table of '{unit.Name}' doesn't say where the code at 0x{last.Address:x} ends",
            "end it with DwarfLine.End, or have a function there");
    }
}
