using System.Runtime.CompilerServices;

namespace ElfMmu.Paging;

/// <summary>The low byte of RISC-V entries, which is the same in all formats, and the rights it gives in a state of the processor.</summary>
/// <remarks>
/// RISC-V Privileged Architecture, "Addressing and Memory Protection" and "Virtual Address Translation Process"; for the second
/// stage "Guest Physical Address Translation".
/// </remarks>
internal readonly struct RiscVRights
{
    public const ulong Valid = 1;
    public const ulong Read = 1 << 1;
    public const ulong Write = 1 << 2;
    public const ulong Execute = 1 << 3;
    public const ulong User = 1 << 4;
    public const ulong GlobalBit = 1 << 5;
    public const ulong Accessed = 1 << 6;
    public const ulong Dirty = 1 << 7;

    /// <summary>Any of these makes an entry a leaf.</summary>
    public const ulong ReadWriteExecute = Read | Write | Execute;

    /// <summary>What an entry that points to a table must not have.</summary>
    public const ulong PointerReserved = User | Accessed | Dirty;

    // A nibble of Rights for each value of X, W and R; with MXR, X gives R too.
    private const uint Plain = 0x7351_6240;
    private const uint ExecutableReadable = 0x7755_6240;

    private readonly uint _rights;
    private readonly Rights _supervisorOfUser;
    private readonly ulong _global;
    private readonly ulong _required;

    /// <summary>Takes the processor's state in.</summary>
    /// <param name="options">The processor's state.</param>
    /// <param name="nested">
    /// Whether this is the second stage: every access counts as a user's, whatever the guest's privilege, and G means nothing.
    /// MXR holds at both stages, SUM at the first only.
    /// </param>
    public RiscVRights(PagingOptions options, bool nested)
    {
        _rights = RiscVRegisters.CanReadExecutable(options) ? ExecutableReadable : Plain;
        _supervisorOfUser = nested ? Rights.Read | Rights.Write | Rights.Execute
            : RiscVRegisters.CanUseUserPages(options) ? Rights.Read | Rights.Write
            : Rights.None;
        _global = nested ? 0 : GlobalBit;
        _required = nested ? User : 0;
    }

    /// <summary>What an entry adds to the state of the path: a table that is global makes all below it global.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Inherited(ulong entry) => entry & _global;

    /// <summary>Whether a leaf's low byte is refused: writable without being readable, or not a user's where it has to be.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Refuses(ulong leaf) => (leaf & (Read | Write)) == Write || (~leaf & _required) != 0;

    /// <summary>The attributes of a leaf.</summary>
    /// <param name="leaf">The entry.</param>
    /// <param name="state">The state of the path, with the leaf's own G.</param>
    /// <param name="level">The level's number.</param>
    /// <param name="pageShift">The log2 of the page size.</param>
    /// <param name="cacheIndex">The memory type.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public MappingAttributes Attributes(ulong leaf, ulong state, int level, int pageShift, int cacheIndex)
    {
        var rights = (Rights)((_rights >> (int)((leaf & ReadWriteExecute) << 1)) & 7);
        bool user = (leaf & User) != 0;
        return new MappingAttributes(
            user ? rights : Rights.None,
            user ? rights & _supervisorOfUser : rights,
            level,
            pageShift,
            cacheIndex,
            global: state != 0,
            accessed: (leaf & Accessed) != 0,
            dirty: (leaf & Dirty) != 0);
    }
}
