using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Inspection;

/// <summary>The root of an address space that a dump names itself, without a search.</summary>
/// <param name="Space">The address space: what any command that works in one takes.</param>
/// <param name="Cpu">The processor whose registers name it; null where something else does.</param>
/// <param name="IsDefault">Whether it is the one that is taken where nothing is asked for.</param>
/// <param name="AddressSpaceId">The ASID, PCID or VMID, where the registers have one.</param>
/// <param name="Origin">Where mode and root were taken from, in words.</param>
public sealed record DumpRoot(SpaceIdentity Space, int? Cpu, bool IsDefault, ulong? AddressSpaceId, string Origin)
{
    /// <summary>The physical address of the top table.</summary>
    public ulong Root => Space.Root;

    /// <summary>The physical address of the upper half's top table, in modes with two roots.</summary>
    public ulong? Root1 => Space.Root1;

    /// <summary>The paging mode.</summary>
    public PagingMode Mode => Space.Mode;

    /// <summary>The dump.</summary>
    public DumpIdentity Dump => Space.Dump;

    /// <summary>Root and mode.</summary>
    public override string ToString() => $"0x{Root:x} ({Mode.Name})";
}
