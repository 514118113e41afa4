namespace ElfMmu.Dwarf;

/// <summary>A variable at an address.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Its virtual address.</param>
/// <param name="Type">Its type; null if nobody says.</param>
/// <param name="IsExternal">Whether other units see it (not <c>static</c>).</param>
public sealed record DwarfVariable(string Name, ulong Address, DwarfType? Type, bool IsExternal = true)
{
    /// <summary>The source file it is declared in; null if nobody says.</summary>
    public string? File { get; init; }

    /// <summary>The line there, from 1; 0 if nobody says.</summary>
    public uint Line { get; init; }
}
