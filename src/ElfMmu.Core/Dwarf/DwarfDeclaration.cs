namespace ElfMmu.Dwarf;

/// <summary>A variable or function that a library of types declares, with an address or without.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type; a <see cref="DwarfFunctionType"/> for a function.</param>
public sealed record DwarfDeclaration(string Name, DwarfType? Type)
{
    /// <summary>Its virtual address; null if the text doesn't say.</summary>
    public ulong? Address { get; init; }

    /// <summary>The size of a function in bytes; null if the text doesn't say.</summary>
    public ulong? Size { get; init; }

    /// <summary>Whether other units see it (not <c>static</c>).</summary>
    public bool IsExternal { get; init; } = true;
}
