using System.Runtime.CompilerServices;

namespace ElfMmu.Paging;

/// <summary>The 8-byte entries of PAE, 4-level and 5-level paging.</summary>
/// <remarks>Intel SDM volume 3A, 5.4 "PAE Paging" and 5.5 "4-Level Paging and 5-Level Paging", the tables of entry formats.</remarks>
public readonly struct X86Format64 : IRadixFormat
{
    private const ulong Present = 1;
    private const ulong PageSize = 1 << 7;
    private const ulong Bits51To12 = 0x000f_ffff_ffff_f000;

    private readonly ulong _address;
    private readonly ulong _reserved;
    private readonly ulong _pointerReserved;
    private readonly bool _pae;

    /// <summary>Makes a decoder.</summary>
    /// <param name="options">The processor's state.</param>
    /// <param name="pae">True for PAE: the top level has no rights, and bits 62–52 are reserved.</param>
    public X86Format64(PagingOptions options, bool pae)
    {
        int bits = Math.Clamp(options.PhysicalAddressBits ?? 52, 32, 52);
        ulong above = Bits51To12 & ~((1UL << bits) - 1);
        _pae = pae;
        _address = Bits51To12 & ~above & ~options.IgnoredAddressBits;
        ulong aboveReserved = above & ~options.IgnoredAddressBits;
        _pointerReserved = aboveReserved | 0xfff0_0000_0000_0000;
        _reserved = aboveReserved
            | (pae ? 0x7ff0_0000_0000_0000UL : 0)
            | (X86Registers.HasNoExecute(options) == false ? X86Rights.NoExecute : 0);
    }

    /// <inheritdoc/>
    public static int EntrySizeShift => 3;

    /// <inheritdoc/>
    public ulong InitialState => X86Rights.Write | X86Rights.User;

    /// <inheritdoc/>
    public (Rights User, Rights Supervisor) Allowed(ulong state) => (X86Rights.UserMode(state), X86Rights.Supervisor(state));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EntryKind Decode(ulong entry, int index, int height, ref ulong state, out ulong target, out MappingAttributes attributes)
    {
        target = entry & _address;
        attributes = default;
        if ((entry & Present) == 0)
        {
            return EntryKind.Invalid;
        }

        if (_pae && height == 2)
        {
            // The low bits that the manual reserves here aren't checked: emulators set Accessed in them.
            return (entry & _pointerReserved) != 0 ? EntryKind.Reserved : EntryKind.Table;
        }

        if ((entry & _reserved) != 0)
        {
            return EntryKind.Reserved;
        }

        state = X86Rights.Combine(state, entry);
        if (height == 0)
        {
            attributes = X86Rights.Attributes(state, entry, 1, 12, 7);
            return EntryKind.Leaf;
        }

        if ((entry & PageSize) == 0)
        {
            return EntryKind.Table;
        }

        if (height > 2)
        {
            return EntryKind.Reserved;
        }

        int pageShift = 12 + (9 * height);
        ulong low = (1UL << pageShift) - 1;
        if ((target & low & ~0x1fffUL) != 0)
        {
            return EntryKind.Reserved;
        }

        target &= ~low;
        attributes = X86Rights.Attributes(state, entry, height + 1, pageShift, 12);
        return EntryKind.Leaf;
    }
}
