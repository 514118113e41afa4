namespace ElfMmu.Dwarf;

/// <summary>A range of addresses.</summary>
/// <param name="Start">Its first address.</param>
/// <param name="Size">Its size in bytes.</param>
public readonly record struct DwarfRange(ulong Start, ulong Size);
