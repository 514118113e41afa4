namespace ElfMmu.Dwarf;

/// <summary>A name of a declaration with what it adds to the type.</summary>
/// <param name="Name">The name; null where there is none.</param>
/// <param name="Type">The type; null for void.</param>
/// <param name="Position">Where it stands.</param>
internal readonly record struct CDeclarator(string? Name, DwarfType? Type, int Position);
