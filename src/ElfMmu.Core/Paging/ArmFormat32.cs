using System.Runtime.CompilerServices;

namespace ElfMmu.Paging;

/// <summary>The short descriptors of 32-bit ARM processors: sections, supersections, large and small pages, and domains.</summary>
/// <remarks>Arm ARM DDI 0406C, B3.5 "Short-descriptor translation table format", and B3.7 "Memory access control".</remarks>
public readonly struct ArmFormat32 : IRadixFormat
{
    private const ulong Supersection = 1 << 18;
    private const ulong SectionNotGlobal = 1 << 17;
    private const ulong PageNotGlobal = 1 << 11;
    private const ulong AllClient = 0x5555_5555;

    // What a path says: PXN of the table, and whether its domain is a manager.
    private const ulong PrivilegedNever = 1;
    private const ulong Manager = 2;

    // Three bits of rights in user mode, three in supervisor mode.
    private const int RightsBits = 6;
    private const ulong AllRights = 63;
    private const ulong ExecuteAny = 9;
    private const ulong ExecuteSupervisor = 8;

    private readonly ulong _domains;
    private readonly ulong _rights;
    private readonly ulong _accessFlag;

    /// <summary>Makes a decoder. Where DACR isn't known, all domains are clients.</summary>
    /// <param name="options">The processor's state.</param>
    public ArmFormat32(PagingOptions options)
    {
        RegisterSet registers = options.Registers;
        _domains = ArmRegisters.Dacr.In(registers) ?? AllClient;
        bool accessFlag = ArmRegisters.HasAccessFlag(registers) == true;
        _accessFlag = accessFlag ? 1UL : 0;
        bool writeNever = ArmRegisters.WriteNeverExecute(registers) == true;
        bool userWriteNever = ArmRegisters.UserWriteNeverExecute(registers) == true;
        for (int ap = 0; ap < 8; ap++)
        {
            // With an access flag AP[0] says nothing, and AP[2:1] is what AP[2:0] with AP[0] set is without.
            (Rights user, Rights supervisor) = Access(accessFlag ? ap | 1 : ap);
            user = WithExecute(user, writeNever, false);
            supervisor = WithExecute(supervisor, writeNever, userWriteNever && (user & Rights.Write) != 0);
            _rights |= ((ulong)user | ((ulong)supervisor << 3)) << (ap * RightsBits);
        }
    }

    /// <inheritdoc/>
    public static int EntrySizeShift => 2;

    /// <inheritdoc/>
    public ulong InitialState => 0;

    /// <inheritdoc/>
    public (Rights User, Rights Supervisor) Allowed(ulong state)
    {
        ulong all = 0;
        for (int access = 0; access < 8; access++)
        {
            all |= Limit((_rights >> (access * RightsBits)) & AllRights, 0, state);
        }

        return ((Rights)(all & 7), (Rights)(all >> 3));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EntryKind Decode(ulong entry, int index, int height, ref ulong state, out ulong target, out MappingAttributes attributes)
    {
        target = 0;
        attributes = default;
        if ((entry & 3) == 0)
        {
            return EntryKind.Invalid;
        }

        if (height == 0)
        {
            // Bit 1 is set in small pages, which then have their XN in bit 0; a large page takes 16 entries.
            bool small = (entry & 2) != 0;
            target = small ? entry & 0xffff_f000 : (entry & 0xffff_0000) | ((ulong)(index & 15) << 12);
            return Leaf(
                ((entry >> 4) & 3) | ((entry >> 7) & 4),
                small ? entry & 1 : (entry >> 15) & 1,
                state,
                (small ? entry >> 4 : entry >> 10) & 28 | ((entry >> 2) & 3),
                level: 2,
                small ? 12 : 16,
                (entry & PageNotGlobal) == 0,
                out attributes);
        }

        // A supersection is in domain 0, and has address bits where others have their domain.
        bool leaf = (entry & 2) != 0;
        bool super = leaf && (entry & Supersection) != 0;
        ulong domain = (_domains >> (super ? 0 : (int)(entry >> 4) & 30)) & 3;
        if ((domain & 1) == 0)
        {
            return EntryKind.Invalid;
        }

        if (!leaf)
        {
            target = entry & 0xffff_fc00;
            state = ((entry >> 2) & PrivilegedNever) | (domain & Manager);
            return EntryKind.Table;
        }

        target = super
            ? (entry & 0xff00_0000) | (((entry >> 20) & 15) << 32) | (((entry >> 5) & 15) << 36) | ((ulong)(index & 15) << 20)
            : entry & 0xfff0_0000;
        return Leaf(
            ((entry >> 10) & 3) | ((entry >> 13) & 4),
            (entry >> 4) & 1,
            (entry & PrivilegedNever) | (domain & Manager),
            ((entry >> 10) & 28) | ((entry >> 2) & 3),
            level: 1,
            super ? 24 : 20,
            (entry & SectionNotGlobal) == 0,
            out attributes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private EntryKind Leaf(
        ulong access, ulong never, ulong state, ulong cache, int level, int pageShift, bool global, out MappingAttributes attributes)
    {
        ulong rights = Limit((_rights >> ((int)access * RightsBits)) & AllRights, never, state);
        attributes = new(
            (Rights)(rights & 7),
            (Rights)(rights >> 3),
            level,
            pageShift,
            (int)cache,
            global,
            accessed: (access & _accessFlag) != 0,
            dirty: false);
        return rights == 0 ? EntryKind.Invalid : EntryKind.Leaf;
    }

    /// <summary>What XN and the path leave of rights. Neither AP nor XN are asked in a manager's domain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Limit(ulong rights, ulong never, ulong state) =>
        (rights & ~((never * ExecuteAny) | ((state & PrivilegedNever) * ExecuteSupervisor))) | ((state >> 1) * AllRights);

    /// <summary>AP[2:0] without an access flag: what can be read and written. 0b100 is reserved; 0b110 is an older 0b111.</summary>
    private static (Rights User, Rights Supervisor) Access(int ap) => ap switch
    {
        1 => (Rights.None, Rights.Read | Rights.Write),
        2 => (Rights.Read, Rights.Read | Rights.Write),
        3 => (Rights.Read | Rights.Write, Rights.Read | Rights.Write),
        5 => (Rights.None, Rights.Read),
        6 or 7 => (Rights.Read, Rights.Read),
        _ => (Rights.None, Rights.None),
    };

    /// <summary>Executing takes the right to read, and not the right to write where that forbids it.</summary>
    private static Rights WithExecute(Rights rights, bool writeNever, bool never) =>
        (rights & Rights.Read) == 0 || never || (writeNever && (rights & Rights.Write) != 0) ? rights : rights | Rights.Execute;
}
