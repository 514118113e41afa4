namespace ElfMmu.Dwarf;

/// <summary>A function.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">The virtual address of its first byte.</param>
/// <param name="Size">Its size in bytes; 0 if it isn't known, and then debuggers don't find it by an address.</param>
/// <param name="Type">What it returns and takes; null if nobody says.</param>
/// <param name="IsExternal">Whether other units see it (not <c>static</c>).</param>
public sealed record DwarfFunction(
    string Name, ulong Address, ulong Size, DwarfFunctionType? Type = null, bool IsExternal = true)
{
    /// <summary>The source file it is declared in; null if nobody says.</summary>
    public string? File { get; init; }

    /// <summary>The line there, from 1; 0 if nobody says.</summary>
    public uint Line { get; init; }

    /// <summary>Its variables. Its parameters, with their locations, are its type's.</summary>
    public IReadOnlyList<DwarfLocal> Locals { get; init; } = [];

    /// <summary>How a debugger finds the caller's registers; null for no word about it.</summary>
    public DwarfFrame? Frame { get; init; }
}
