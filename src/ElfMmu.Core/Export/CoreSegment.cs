using ElfMmu.Elf;

namespace ElfMmu.Export;

/// <summary>A stretch of virtual addresses to be written as one PT_LOAD.</summary>
/// <param name="VirtualAddress">The first virtual address.</param>
/// <param name="PhysicalAddress">Where its bytes are.</param>
/// <param name="Size">The length in bytes, at least 1.</param>
/// <param name="Flags">The rights at the exported privilege.</param>
internal readonly record struct CoreSegment(ulong VirtualAddress, ulong PhysicalAddress, ulong Size, ElfSegmentFlags Flags)
{
    public ulong LastAddress => VirtualAddress + Size - 1;

    /// <summary>Whether another segment goes on where this one ends, virtually and physically, with the same rights.</summary>
    public bool ContinuesIn(in CoreSegment next) =>
        next.VirtualAddress - VirtualAddress == Size
        && next.PhysicalAddress - PhysicalAddress == Size
        && next.Flags == Flags;
}
