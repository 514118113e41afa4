using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>A mapping as an object that can leave its dump: it says where it comes from instead of holding it open.</summary>
public sealed class PageTableMapping
{
    private readonly Mapping _mapping;

    /// <summary>Makes an object of a mapping of a space.</summary>
    public PageTableMapping(in Mapping mapping, SpaceIdentity space)
    {
        _mapping = mapping;
        Space = space;
    }

    /// <summary>The first virtual address.</summary>
    public ulong VirtualAddress => _mapping.VirtualAddress;

    /// <summary>
    /// The first virtual address behind the mapping. A mapping that reaches the top of the 64-bit address space has
    /// 0xffffffffffffffff here; <see cref="Size"/> is always exact.
    /// </summary>
    public ulong EndAddress => _mapping.LastAddress == ulong.MaxValue ? ulong.MaxValue : _mapping.LastAddress + 1;

    /// <summary>The length in bytes.</summary>
    public ulong Size => _mapping.Size;

    /// <summary>The physical address that <see cref="VirtualAddress"/> maps to.</summary>
    public ulong PhysicalAddress => _mapping.PhysicalAddress;

    /// <summary>The size of the pages in bytes.</summary>
    public ulong PageSize => _mapping.Attributes.PageSize;

    /// <summary>The level of the tables the leaves stand at, as the architecture counts (x86: 1 is the PTE).</summary>
    public int Level => _mapping.Attributes.Level;

    /// <summary>Effective rights in supervisor mode: <c>rwx</c> with dashes for what is missing.</summary>
    public string SupervisorRights => RightsFormat.Format(_mapping.Attributes.Supervisor);

    /// <summary>Effective rights in user mode: <c>rwx</c> with dashes for what is missing.</summary>
    public string UserRights => RightsFormat.Format(_mapping.Attributes.User);

    /// <summary>What stands behind the physical addresses.</summary>
    public RegionKind Kind => _mapping.Kind;

    /// <summary>Whether the translation holds in every address space.</summary>
    public bool Global => _mapping.Attributes.Global;

    /// <summary>The memory type the leaves ask for, in the architecture's words.</summary>
    public string Cacheability => Space.Mode.CacheName(_mapping.Attributes.CacheIndex, Space.MemoryTypes);

    /// <summary>Whether the processor has used any of the pages.</summary>
    public bool Accessed => _mapping.Attributes.Accessed;

    /// <summary>Whether the processor has written to any of the pages.</summary>
    public bool Dirty => _mapping.Attributes.Dirty;

    /// <summary>Whether any of the leaves says that its neighbours continue it (ARM's contiguous hint).</summary>
    public bool Contiguous => _mapping.Attributes.Contiguous;

    /// <summary>The physical address of the top table.</summary>
    public ulong Root => Space.Root;

    /// <summary>The paging mode's name.</summary>
    public string Mode => Space.Mode.Name;

    /// <summary>The dump it was read from.</summary>
    public DumpIdentity Dump => Space.Dump;

    /// <summary>The address space it belongs to.</summary>
    public SpaceIdentity Space { get; }

    /// <summary>The mapping as the engine has it.</summary>
    public Mapping AsMapping() => _mapping;

    /// <inheritdoc/>
    public override string ToString() =>
        $"0x{VirtualAddress:x}-0x{_mapping.LastAddress:x} -> 0x{PhysicalAddress:x} {UserRights}/{SupervisorRights} {Kind}";
}
