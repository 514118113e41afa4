namespace ElfMmu.Companions;

/// <summary>The line of source that the code at an address comes from.</summary>
/// <param name="Address">The virtual address of an instruction.</param>
/// <param name="File">The file of source.</param>
/// <param name="Line">The line in it, from 1; 0 for code of no line.</param>
public sealed record CompanionLine(ulong Address, string File, uint Line)
{
    /// <summary>The column, from 1; 0 where nobody says.</summary>
    public uint Column { get; init; }
}
