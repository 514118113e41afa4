using ElfMmu.Memory;

namespace ElfMmu.Paging;

/// <summary>A run of virtual addresses that maps to a run of physical addresses with the same attributes.</summary>
/// <param name="VirtualAddress">The first virtual address, sign-extended where the architecture does so.</param>
/// <param name="Size">The length in bytes, at least 1; the run never wraps past 2^64.</param>
/// <param name="PhysicalAddress">What <paramref name="VirtualAddress"/> maps to.</param>
/// <param name="Attributes">Rights, page size and the rest.</param>
/// <param name="Kind">What stands behind the physical addresses.</param>
public readonly record struct Mapping(
    ulong VirtualAddress, ulong Size, ulong PhysicalAddress, MappingAttributes Attributes, RegionKind Kind)
{
    /// <summary>The last virtual address.</summary>
    public ulong LastAddress => VirtualAddress + Size - 1;
}
