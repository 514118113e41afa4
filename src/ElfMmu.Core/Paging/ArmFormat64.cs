using System.Runtime.CompilerServices;

namespace ElfMmu.Paging;

/// <summary>
/// The 8-byte descriptors of ARM: AArch64's with any granule, of both stages, and the long ones of 32-bit processors (LPAE).
/// </summary>
/// <remarks>
/// Arm ARM DDI 0487, D8.3 "Translation table descriptor formats"; DDI 0406C, B3.6 "Long-descriptor translation table format".
/// </remarks>
public readonly struct ArmFormat64 : IRadixFormat
{
    private const ulong Valid = 1 << 0;
    private const ulong TableOrPage = 1 << 1;
    private const ulong ReadOnly = 1 << 7;
    private const ulong AccessFlag = 1 << 10;
    private const ulong NotGlobal = 1 << 11;
    private const ulong DirtyModifier = 1UL << 51;
    private const ulong Contiguous = 1UL << 52;
    private const ulong TableRights = 15UL << 59;

    private readonly ulong _address;
    private readonly ulong _highAddress;
    private readonly int _highShift;
    private readonly ulong _outside;
    private readonly int _pageShift;
    private readonly int _stride;
    private readonly uint _leaves;
    private readonly ulong _tableRights;
    private readonly ulong _userRights;
    private readonly ulong _supervisorRights;
    private readonly ulong _readOnlyFlip;
    private readonly ulong _writableByDirty;
    private readonly ulong _dirtyModifier;
    private readonly ulong _cacheMask;
    private readonly ulong _notGlobal;

    /// <summary>Makes a decoder.</summary>
    internal ArmFormat64(ArmTableRules rules)
    {
        ArmGranule granule = rules.Granule;
        bool inPlace = rules.Wide && granule.PageShift < 16;

        // Bits 51:48 of a wide address: with 64K all in bits 15:12, else 49:48 in their place and 51:50 in bits 9:8.
        _address = Bits(inPlace ? 50 : 48) & ~Bits(granule.PageShift);
        _highAddress = !rules.Wide ? 0 : inPlace ? 3UL << 8 : 15UL << 12;
        _highShift = inPlace ? 42 : 36;
        _outside = ~Bits(rules.OutputBits);
        _pageShift = granule.PageShift;
        _stride = granule.Stride;

        // The last level has pages, level 2 blocks; above it, level 1 with 4K has them, and one level more where addresses are wide.
        int widest = rules.Wide ? granule.WidestBlock : granule.PageShift == 12 ? 2 : 1;
        _leaves = (1u << (widest + 1)) - 1;
        _tableRights = rules.HasTableRights ? TableRights : 0;
        _userRights = rules.Rights.User;
        _supervisorRights = rules.Rights.Supervisor;

        // S2AP[1] is the right to write where AP[2] takes it away.
        _readOnlyFlip = rules.IsNested ? ReadOnly : 0;
        _writableByDirty = rules.ManagesDirty ? ReadOnly : 0;
        _dirtyModifier = rules.HasDirtyModifier ? DirtyModifier : 0;
        _cacheMask = rules.IsNested ? 15UL : 7;
        _notGlobal = rules.IsNested ? 0 : NotGlobal;
    }

    /// <inheritdoc/>
    public static int EntrySizeShift => 3;

    /// <inheritdoc/>
    public ulong InitialState => 0;

    /// <inheritdoc/>
    public (Rights User, Rights Supervisor) Allowed(ulong state)
    {
        // Whatever a leaf may say of itself, put to what the tables above take away.
        Rights user = Rights.None;
        Rights supervisor = Rights.None;
        for (ulong leaf = 0; leaf < 16; leaf++)
        {
            int place = (int)Limited(leaf, state >> 59) * 3;
            user |= (Rights)((_userRights >> place) & 7);
            supervisor |= (Rights)((_supervisorRights >> place) & 7);
        }

        return (user, supervisor);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EntryKind Decode(ulong entry, int index, int height, ref ulong state, out ulong target, out MappingAttributes attributes)
    {
        target = (entry & _address) | ((entry & _highAddress) << _highShift);
        attributes = default;
        if ((entry & Valid) == 0)
        {
            return EntryKind.Invalid;
        }

        bool tableOrPage = (entry & TableOrPage) != 0;
        if (tableOrPage && height != 0)
        {
            state |= entry & _tableRights;
            return (target & _outside) != 0 ? EntryKind.Reserved : EntryKind.Table;
        }

        // Of a block's address the bits within the block don't count, not even for being beyond the processor's addresses.
        int shift = _pageShift + (_stride * height);
        target &= ~((1UL << shift) - 1);
        if (tableOrPage != (height == 0) || ((_leaves >> height) & 1) == 0 || (target & _outside) != 0)
        {
            return EntryKind.Reserved;
        }

        // What the tables above take away: bits 59 and 60 are PXNTable and UXNTable, 61 and 62 APTable.
        ulong above = state >> 59;
        ulong access = entry ^ _readOnlyFlip;
        ulong modified = entry & _dirtyModifier;
        ulong dirty = modified & ~(access << (51 - 7));
        access &= ~((modified >> (51 - 7)) & _writableByDirty);
        ulong rights = Limited(((access >> 6) & 3) | ((entry >> (53 - 2)) & 12), above);
        int place = (int)rights * 3;
        var user = (Rights)((_userRights >> place) & 7);
        var supervisor = (Rights)((_supervisorRights >> place) & 7);
        if ((user | supervisor) == Rights.None)
        {
            return EntryKind.Invalid;
        }

        attributes = new(
            user,
            supervisor,
            3 - height,
            shift,
            (int)((entry >> 2) & _cacheMask),
            global: (~entry & _notGlobal) != 0,
            accessed: (entry & AccessFlag) != 0,
            dirty: dirty != 0,
            contiguous: (entry & Contiguous) != 0);
        return EntryKind.Leaf;
    }

    /// <summary>A leaf's rights bits with what the tables above take away.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Limited(ulong rights, ulong above) =>
        (rights & ~((above >> 2) & 1)) | ((above >> 2) & 2) | ((above & 3) << 2);

    private static ulong Bits(int count) => (1UL << count) - 1;
}
