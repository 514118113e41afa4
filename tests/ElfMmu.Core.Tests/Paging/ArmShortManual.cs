using static ElfMmu.Tests.Paging.ManualBits;

namespace ElfMmu.Tests.Paging;

/// <summary>
/// Translates one address as the Arm ARM (DDI 0406C, B3.5, and DDI 0487, G5) tells it for PL1&amp;0 with short descriptors,
/// slowly and word for word. An access flag that is clear under AFE counts as mapped.
/// </summary>
/// <param name="read">Reads 4 bytes at a physical address; null where there is no memory.</param>
/// <param name="register">A register's value by name; null when it isn't known.</param>
internal sealed class ArmShortManual(Func<ulong, int, ulong?> read, Func<string, ulong?> register)
{
    private readonly ulong _ttbcr = register("ttbcr") ?? 0;
    private readonly ulong _sctlr = register("sctlr") ?? 0;

    /// <summary>TTBCR.N.</summary>
    public int N => (int)Bits(_ttbcr, 2, 0);

    public ManualPage? Translate(ulong ttbr0, ulong address)
    {
        if (address > uint.MaxValue)
        {
            return null;
        }

        // B3.5.4: TTBR0 for the addresses whose top N bits are zero, with a table cut to fit; TTBR1, if need be, for the rest.
        bool lower = N == 0 || Bits(address, 31, 32 - N) == 0;
        if ((lower ? ttbr0 : register("ttbr1")) is not { } ttbr || Bit(_ttbcr, lower ? 4 : 5))
        {
            return null;
        }

        int alignment = lower ? 14 - N : 14;
        ulong table = Bits(ttbr, 31, alignment) << alignment;
        if (read(table + (Bits(address, 31, 20) * 4), 4) is not { } first)
        {
            return null;
        }

        return Bits(first, 1, 0) switch
        {
            0 => null,
            1 => SecondLevel(first, address),
            _ => Bit(first, 18) ? Supersection(first, address) : Section(first, address),
        };
    }

    private ManualPage? Section(ulong first, ulong address) => Page(
        (Bits(first, 31, 20) << 20) | Bits(address, 19, 0),
        1 << 20,
        domain: (int)Bits(first, 8, 5),
        ap: (Bits(first, 15, 15) << 2) | Bits(first, 11, 10),
        xn: Bit(first, 4),
        pxn: Bit(first, 0),
        notGlobal: Bit(first, 17),
        memory: (Bits(first, 14, 12) << 2) | Bits(first, 3, 2));

    /// <summary>Sixteen equal entries; each is looked at by itself. The domain is 0.</summary>
    private ManualPage? Supersection(ulong first, ulong address) => Page(
        (Bits(first, 8, 5) << 36) | (Bits(first, 23, 20) << 32) | (Bits(first, 31, 24) << 24) | Bits(address, 23, 0),
        1 << 24,
        domain: 0,
        ap: (Bits(first, 15, 15) << 2) | Bits(first, 11, 10),
        xn: Bit(first, 4),
        pxn: Bit(first, 0),
        notGlobal: Bit(first, 17),
        memory: (Bits(first, 14, 12) << 2) | Bits(first, 3, 2));

    /// <summary>Domain and PXN are those of the first level.</summary>
    private ManualPage? SecondLevel(ulong first, ulong address)
    {
        if (read((Bits(first, 31, 10) << 10) + (Bits(address, 19, 12) * 4), 4) is not { } second || Bits(second, 1, 0) == 0)
        {
            return null;
        }

        bool small = Bit(second, 1);
        return Page(
            small
                ? (Bits(second, 31, 12) << 12) | Bits(address, 11, 0)
                : (Bits(second, 31, 16) << 16) | Bits(address, 15, 0),
            small ? 1UL << 12 : 1UL << 16,
            domain: (int)Bits(first, 8, 5),
            ap: (Bits(second, 9, 9) << 2) | Bits(second, 5, 4),
            xn: Bit(second, small ? 0 : 15),
            pxn: Bit(first, 2),
            notGlobal: Bit(second, 11),
            memory: ((small ? Bits(second, 8, 6) : Bits(second, 14, 12)) << 2) | Bits(second, 3, 2));
    }

    /// <summary>B3.7: domains, AP[2:0] or the access flag and AP[2:1], and the execute-never controls.</summary>
    private ManualPage? Page(
        ulong physical, ulong size, int domain, ulong ap, bool xn, bool pxn, bool notGlobal, ulong memory)
    {
        bool flag = Bit(_sctlr, 29);
        ulong access = register("dacr") is { } dacr ? Bits(dacr, (2 * domain) + 1, 2 * domain) : 1;
        (bool pr, bool pw, bool ur, bool uw) = (flag ? (ap & 6) | 1 : ap) switch
        {
            0b001 => (true, true, false, false),
            0b010 => (true, true, true, false),
            0b011 => (true, true, true, true),
            0b101 => (true, false, false, false),
            0b110 or 0b111 => (true, false, true, false),
            _ => (false, false, false, false),
        };
        bool wxn = Bit(_sctlr, 19);
        bool uwxn = Bit(_sctlr, 20);
        Rights user = Of(ur, uw, ur && !(xn || (uw && wxn)));
        Rights supervisor = Of(pr, pw, pr && !(xn || pxn || (pw && wxn) || (uw && uwxn)));
        switch (access)
        {
            // No access, and the reserved value, which is taken for it.
            case 0 or 2:
                return null;

            // A manager's accesses are not checked, XN and PXN not either.
            case 3:
                user = supervisor = Rights.Read | Rights.Write | Rights.Execute;
                break;
        }

        return (user | supervisor) == Rights.None
            ? null
            : new ManualPage(
                physical,
                size,
                user,
                supervisor,
                Global: !notGlobal,
                Accessed: flag && Bit(ap, 0),
                Dirty: false,
                CacheIndex: (int)memory);
    }
}
