using System.Runtime.CompilerServices;

namespace ElfMmu.Paging;

/// <summary>The 8-byte entries of Intel's extended page tables.</summary>
/// <remarks>
/// Intel SDM volume 3C, "The Extended Page Table Mechanism (EPT)": "EPT Translation Mechanism" with its tables of entry formats,
/// and "EPT Misconfigurations". Pages that can only be executed are taken to be supported; bit 10, execution in user mode by
/// mode-based execute control, isn't asked.
/// </remarks>
public readonly struct EptFormat : IRadixFormat
{
    private const ulong Read = 1;
    private const ulong Write = 1 << 1;
    private const ulong ReadWriteExecute = 7;
    private const ulong PageSize = 1 << 7;
    private const ulong Accessed = 1 << 8;
    private const ulong Dirty = 1 << 9;
    private const ulong Bits51To12 = 0x000f_ffff_ffff_f000;
    private const ulong PointerReserved = 0xf8;
    private const int MemoryTypeShift = 3;

    // Types 2, 3 and 7, as bits.
    private const uint ReservedTypes = 0b1000_1100;

    private readonly ulong _address;
    private readonly ulong _reserved;

    /// <summary>Makes a decoder.</summary>
    /// <param name="options">The processor's state.</param>
    public EptFormat(PagingOptions options)
    {
        int bits = Math.Clamp(options.PhysicalAddressBits ?? 52, 32, 52);
        ulong above = Bits51To12 & ~((1UL << bits) - 1);
        _address = Bits51To12 & ~above & ~options.IgnoredAddressBits;
        _reserved = above & ~options.IgnoredAddressBits;
    }

    /// <inheritdoc/>
    public static int EntrySizeShift => 3;

    /// <inheritdoc/>
    public ulong InitialState => ReadWriteExecute;

    /// <inheritdoc/>
    public (Rights User, Rights Supervisor) Allowed(ulong state) => (RightsOf(state), RightsOf(state));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EntryKind Decode(ulong entry, int index, int height, ref ulong state, out ulong target, out MappingAttributes attributes)
    {
        target = entry & _address;
        attributes = default;
        if ((entry & ReadWriteExecute) == 0)
        {
            return EntryKind.Invalid;
        }

        if ((entry & _reserved) != 0 || (entry & (Read | Write)) == Write)
        {
            return EntryKind.Reserved;
        }

        state &= entry;
        int pageShift = 12;
        if (height != 0)
        {
            // In the upper levels, the bit that makes a page is reserved like those beside it.
            if ((entry & PageSize) == 0 || height > 2)
            {
                return (entry & PointerReserved) != 0 ? EntryKind.Reserved : EntryKind.Table;
            }

            pageShift += 9 * height;
            if ((target & ((1UL << pageShift) - 1)) != 0)
            {
                return EntryKind.Reserved;
            }
        }

        int memoryType = (int)(entry >> MemoryTypeShift) & 7;
        if (((ReservedTypes >> memoryType) & 1) != 0)
        {
            return EntryKind.Reserved;
        }

        // What every level allows may be nothing.
        Rights rights = RightsOf(state);
        attributes = new MappingAttributes(
            rights,
            rights,
            height + 1,
            pageShift,
            memoryType,
            global: false,
            accessed: (entry & Accessed) != 0,
            dirty: (entry & Dirty) != 0);
        return rights == Rights.None ? EntryKind.Invalid : EntryKind.Leaf;
    }

    // R, W and X stand the other way round than in Rights.
    private static Rights RightsOf(ulong state) => (Rights)(((state & 1) << 2) | (state & 2) | ((state >> 2) & 1));
}
