namespace ElfMmu.Reading;

/// <summary>Bytes that were read.</summary>
/// <param name="Address">The first address.</param>
/// <param name="Bytes">The bytes.</param>
/// <param name="Absent">What of it wasn't there and is filled in; ascending.</param>
public sealed record MemoryBlock(ulong Address, byte[] Bytes, IReadOnlyList<AbsentRange> Absent);
