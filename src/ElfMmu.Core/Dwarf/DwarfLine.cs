namespace ElfMmu.Dwarf;

/// <summary>
/// A row of the line table: from this address on the code comes from this line. Rows with rising addresses make a sequence, which
/// <see cref="End"/> ends at the first byte behind it.
/// </summary>
/// <param name="Address">The virtual address of an instruction.</param>
/// <param name="File">The source file; relative names are below the unit's directory.</param>
/// <param name="Line">The line, from 1; 0 for code no line stands for.</param>
public sealed record DwarfLine(ulong Address, string File, uint Line)
{
    /// <summary>The column, from 1; 0 if nobody says.</summary>
    public uint Column { get; init; }

    /// <summary>Whether a breakpoint on the line is to be here.</summary>
    public bool IsStatement { get; init; } = true;

    /// <summary>Whether this is the end of a sequence: the first byte behind the code.</summary>
    public bool IsEnd { get; private init; }

    /// <summary>Ends a sequence.</summary>
    /// <param name="address">The address of the first byte behind its code.</param>
    public static DwarfLine End(ulong address) => new(address, "", 0) { IsEnd = true };
}
