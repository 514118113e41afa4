namespace ElfMmu.Spaces;

/// <summary>Which address space of a dump is wanted, as far as the user says.</summary>
/// <param name="Root">The physical address of the top table, or the whole register that holds it; null to ask the dump.</param>
/// <param name="Mode">The paging mode's name; null to ask the dump.</param>
/// <param name="Cpu">The processor to ask; null for the first one that knows.</param>
public readonly record struct SpaceRequest(ulong? Root = null, string? Mode = null, int? Cpu = null);
