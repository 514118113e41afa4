using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>A virtual address and what it translates to, as an object that can leave its dump.</summary>
public sealed class ResolvedAddress
{
    private readonly Translation _translation;

    /// <summary>Makes an object of a translation.</summary>
    /// <param name="virtualAddress">The virtual address.</param>
    /// <param name="translation">What it translates to.</param>
    /// <param name="space">The space it is of.</param>
    /// <param name="dump">The dump, which is asked what stands behind the physical address.</param>
    public ResolvedAddress(ulong virtualAddress, in Translation translation, SpaceIdentity space, MemoryDump dump)
    {
        VirtualAddress = virtualAddress;
        _translation = translation;
        Space = space;
        if (!translation.IsMapped)
        {
            return;
        }

        int hint = 0;
        Kind = dump.Map.Lookup(translation.PhysicalAddress, ref hint, out _);
        if (dump.TryLocate(translation.PhysicalAddress, out string file, out ulong offset))
        {
            (File, FileOffset) = (file, offset);
        }
    }

    /// <summary>The virtual address.</summary>
    public ulong VirtualAddress { get; }

    /// <summary>What became of it.</summary>
    public TranslationStatus Status => _translation.Status;

    /// <summary>The physical address of that byte; null where there is none.</summary>
    public ulong? PhysicalAddress => _translation.IsMapped ? _translation.PhysicalAddress : null;

    /// <summary>Where the byte is in <see cref="File"/>; null where the dump doesn't hold it.</summary>
    public ulong? FileOffset { get; }

    /// <summary>The file that holds the byte; null where the dump doesn't hold it. (A machine's memory may lie in several files.)</summary>
    public string? File { get; }

    /// <summary>What stands behind the physical address; null where there is none.</summary>
    public RegionKind? Kind { get; }

    /// <summary>The size of the page in bytes; null where there is none.</summary>
    public ulong? PageSize => _translation.IsMapped ? _translation.Attributes.PageSize : null;

    /// <summary>The level of the table the leaf stands at, as the architecture counts; null where there is none.</summary>
    public int? Level => _translation.IsMapped ? _translation.Attributes.Level : null;

    /// <summary>Effective rights in supervisor mode: <c>rwx</c> with dashes for what is missing; null where nothing is mapped.</summary>
    public string? SupervisorRights => _translation.IsMapped ? RightsFormat.Format(_translation.Attributes.Supervisor) : null;

    /// <summary>Effective rights in user mode: <c>rwx</c> with dashes for what is missing; null where nothing is mapped.</summary>
    public string? UserRights => _translation.IsMapped ? RightsFormat.Format(_translation.Attributes.User) : null;

    /// <summary>The physical address of the top table.</summary>
    public ulong Root => Space.Root;

    /// <summary>The paging mode's name.</summary>
    public string Mode => Space.Mode.Name;

    /// <summary>The dump it was read from.</summary>
    public DumpIdentity Dump => Space.Dump;

    /// <summary>The address space it belongs to.</summary>
    public SpaceIdentity Space { get; }

    /// <inheritdoc/>
    public override string ToString() =>
        PhysicalAddress is { } physical ? $"0x{VirtualAddress:x} -> 0x{physical:x}" : $"0x{VirtualAddress:x}: {Status}";
}
