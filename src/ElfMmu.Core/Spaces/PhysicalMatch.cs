using ElfMmu.Dumps;
using ElfMmu.Intervals;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>Virtual addresses of a space that lead to physical memory that was looked for.</summary>
/// <param name="Space">The space.</param>
/// <param name="VirtualAddresses">The virtual addresses; of one physical address one.</param>
/// <param name="PhysicalAddress">What the first of them leads to.</param>
/// <param name="Mapping">The whole mapping they are of.</param>
public readonly record struct PhysicalMatch(
    SpaceMap Space, Interval VirtualAddresses, ulong PhysicalAddress, Mapping Mapping)
{
    /// <summary>The first of the virtual addresses, as an object that can leave its dump.</summary>
    /// <param name="dump">The dump, which is asked what stands behind the physical address.</param>
    public ResolvedAddress ToResolved(MemoryDump dump) => new(
        VirtualAddresses.Start,
        new Translation(PhysicalAddress, Mapping.Attributes, TranslationStatus.Mapped),
        Space.Space,
        dump);
}
