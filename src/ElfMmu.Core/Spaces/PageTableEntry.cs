using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>
/// An entry of a page table, or a register that translates in its stead, with what its bits say; as an object that can leave its dump.
/// </summary>
public sealed class PageTableEntry
{
    private readonly WalkStep _step;

    /// <summary>Makes an object of a step.</summary>
    internal PageTableEntry(WalkStep step, SpaceIdentity space, int stage, (string File, ulong Offset)? place)
    {
        _step = step;
        Space = space;
        Stage = stage;
        (File, FileOffset) = (place?.File, place?.Offset);
    }

    /// <summary>Whose tables: 1 for the space's own, 2 for those of its hypervisor.</summary>
    public int Stage { get; }

    /// <summary>What entries at this level are called (<c>PML4E</c>, <c>PTE</c>), or the register's name.</summary>
    public string LevelName => _step.LevelName;

    /// <summary>The number of the level as the architecture counts; null for a register.</summary>
    public int? Level => _step.Level;

    /// <summary>The physical address of the table; null for a register.</summary>
    public ulong? Table => _step.Table?.Address;

    /// <summary>The index of the entry in its table; null for a register.</summary>
    public long? Index => _step.Index;

    /// <summary>
    /// The physical address of the entry (of a guest's tables, the guest's physical address); null for a register.
    /// </summary>
    public ulong? EntryAddress => _step.EntryAddress;

    /// <summary>
    /// The entry or register; null where the dump doesn't hold it, and of a group of entries. (Two words of PowerPC are one number, the
    /// first one above.)
    /// </summary>
    public ulong? Value => _step.Value;

    /// <summary>The size of the entry or register in bytes.</summary>
    public int EntrySize => _step.Size;

    /// <summary>What it is.</summary>
    public EntryKind Kind => _step.Kind;

    /// <summary>Its bits in words, as the manual calls them: <c>P RW US A D</c>; nothing for what isn't present.</summary>
    public string Flags => _step.Flags;

    /// <summary>The physical address of the table below, or of the first byte of the page; null for other kinds.</summary>
    public ulong? Target => _step.Target;

    /// <summary>
    /// <see cref="Target"/> where it is a physical address of the dump; null for other kinds, and in a guest's tables, which lead to the
    /// guest's physical addresses.
    /// </summary>
    public ulong? PhysicalAddress => Stage == 1 && Space.NestedMode != null ? null : Target;

    /// <summary>The first virtual address it is for; null where the way to its table isn't known. Of stage 2: of the guest's physical addresses.</summary>
    public ulong? VirtualAddress => _step.VirtualAddress;

    /// <summary>How many bytes of addresses it is for; null where it isn't known.</summary>
    public ulong? Size => _step.Span;

    /// <summary>The size of the page in bytes; null where it is none. Several entries can make up one page.</summary>
    public ulong? PageSize => _step.PageSize;

    /// <summary>
    /// Rights in supervisor mode: of a page the effective ones, of a table the most that anything below it can have; null where they
    /// aren't known.
    /// </summary>
    public string? SupervisorRights => _step.Rights is { } rights ? RightsFormat.Format(rights.Supervisor) : null;

    /// <summary>The same in user mode.</summary>
    public string? UserRights => _step.Rights is { } rights ? RightsFormat.Format(rights.User) : null;

    /// <summary>The memory type that a page asks for, in the architecture's words; null where it is none or not known.</summary>
    public string? Cacheability => _step.Attributes is { } attributes
        ? (Stage == 1 ? Space.Mode : Space.NestedMode!).CacheName(attributes.CacheIndex, Stage == 1 ? Space.MemoryTypes : null)
        : null;

    /// <summary>Where the entry is in <see cref="File"/>; null for a register, or where the dump doesn't hold it.</summary>
    public ulong? FileOffset { get; }

    /// <summary>The file that holds the entry; null for a register, or where the dump doesn't hold it.</summary>
    public string? File { get; }

    /// <summary>The physical address of the top table of the space.</summary>
    public ulong Root => Space.Root;

    /// <summary>The name of the paging mode whose entry it is.</summary>
    public string Mode => (Stage == 1 ? Space.Mode : Space.NestedMode!).Name;

    /// <summary>The dump it was read from.</summary>
    public DumpIdentity Dump => Space.Dump;

    /// <summary>The address space it belongs to.</summary>
    public SpaceIdentity Space { get; }

    /// <summary>The attributes of a leaf whose way is known.</summary>
    internal MappingAttributes? Attributes => _step.Attributes;

    /// <summary>The table that it points to; null for none.</summary>
    internal TablePlace? Next => _step.Next;

    /// <summary>The table it stands in; null for a register.</summary>
    internal TablePlace? Place => _step.Table;

    /// <inheritdoc/>
    public override string ToString() => Value is { } value
        ? $"{LevelName}{(Index is { } index ? $"[{index}]" : "")} 0x{value:x} {Kind}{(Target is { } target ? $" -> 0x{target:x}" : "")}"
        : $"{LevelName} {Kind}";
}
