namespace ElfMmu.Elf.Notes;

/// <summary>What a file says of itself to linker and loader (NT_GNU_PROPERTY_TYPE_0).</summary>
/// <param name="Properties">The properties, in the order of the note.</param>
public sealed record GnuProperties(IReadOnlyList<GnuProperty> Properties);
