namespace ElfMmu.Reading;

/// <summary>A stretch of addresses whose bytes lie together in the dump, or that are absent for one reason.</summary>
/// <param name="Address">The first address.</param>
/// <param name="Size">How many bytes, from 1.</param>
/// <param name="PhysicalAddress">What the first address leads to; null where it leads nowhere.</param>
/// <param name="Absence">Why there are no bytes; null where there are.</param>
public readonly record struct MemoryPiece(ulong Address, ulong Size, ulong? PhysicalAddress, AbsenceReason? Absence);
