using static ElfMmu.Tests.Paging.ManualBits;

namespace ElfMmu.Tests.Paging;

/// <summary>
/// Translates one address as the Arm ARM (DDI 0406C, B3.6, and DDI 0487, G5) tells it for stage 1 of PL1&amp;0 with long
/// descriptors (LPAE), slowly and word for word. AF = 0 leaves count as mapped; TTBCR2 is not looked at.
/// </summary>
/// <param name="read">Reads 8 bytes at a physical address; null where there is no memory.</param>
/// <param name="register">A register's value by name; null when it isn't known.</param>
internal sealed class ArmLpaeManual(Func<ulong, int, ulong?> read, Func<string, ulong?> register)
{
    private readonly ulong _ttbcr = register("ttbcr") ?? 0;

    /// <summary>T0SZ or T1SZ.</summary>
    public int Size(bool upper) => (int)(upper ? Bits(_ttbcr, 18, 16) : Bits(_ttbcr, 2, 0));

    public ManualPage? Translate(ulong ttbr0, ulong address)
    {
        if (address > uint.MaxValue)
        {
            return null;
        }

        // B3.6.4: the two tests of the pseudocode, in its order; where neither holds there is a hole.
        int t0sz = Size(upper: false);
        int t1sz = Size(upper: true);
        bool? upper = null;
        if (t0sz == 0 || Bits(address, 31, 32 - t0sz) == 0)
        {
            upper = false;
        }

        if ((t1sz == 0 && upper is null) || (t1sz != 0 && Bits(address, 31, 32 - t1sz) == (1UL << t1sz) - 1))
        {
            upper = true;
        }

        if (upper is not { } half
            || Bit(_ttbcr, half ? 23 : 7)
            || (half ? register("ttbr1") : ttbr0) is not { } ttbr)
        {
            return null;
        }

        return Walk(ttbr, half ? t1sz : t0sz, address);
    }

    private ManualPage? Walk(ulong ttbr, int txsz, ulong address)
    {
        // Three levels if the size's bits 2:1 are 0, else two.
        int level = txsz < 2 ? 1 : 2;
        int alignment = (9 * level) - txsz - 4;
        if (Bits(ttbr, 47, 40) != 0)
        {
            return null;
        }

        ulong table = Bits(ttbr, 39, alignment) << alignment;
        int high = 31 - txsz;
        var above = new List<ulong>();
        for (; ; level++)
        {
            int low = 39 - (9 * level);
            if (read(table + (Bits(address, high, low) * 8), 8) is not { } descriptor || !Bit(descriptor, 0))
            {
                return null;
            }

            // Bits 47:40 of an address make an Address size fault; at the last level bits[1:0] of 0b01 are reserved.
            if (Bits(descriptor, 47, 40) != 0 || (level == 3 && !Bit(descriptor, 1)))
            {
                return null;
            }

            if (level == 3 || !Bit(descriptor, 1))
            {
                ulong physical = (Bits(descriptor, 39, low) << low) | Bits(address, low - 1, 0);
                return Page(physical, 1UL << low, descriptor, above);
            }

            above.Add(descriptor);
            table = Bits(descriptor, 39, 12) << 12;
            high = low - 1;
        }
    }

    /// <summary>B3.7: AP[2:1] with APTable; execution asks for reading at the same level, and XN is for both levels.</summary>
    private ManualPage Page(ulong physical, ulong size, ulong leaf, List<ulong> above)
    {
        bool Above(int bit) => above.Any(d => Bit(d, bit));
        bool pw = !Bit(leaf, 7) && !Above(62);
        bool ur = Bit(leaf, 6) && !Above(61);
        bool uw = ur && pw;
        bool xn = Bit(leaf, 54) || Above(60);
        bool pxn = Bit(leaf, 53) || Above(59);

        // In AArch32 only UWXN makes what PL0 can write PXN.
        ulong sctlr = register("sctlr") ?? 0;
        bool wxn = Bit(sctlr, 19);
        bool uwxn = Bit(sctlr, 20);
        bool ux = ur && !(xn || (uw && wxn));
        bool px = !(xn || pxn || (pw && wxn) || (uw && uwxn));
        return new ManualPage(
            physical,
            size,
            Of(ur, uw, ux),
            Of(true, pw, px),
            Global: !Bit(leaf, 11),
            Accessed: Bit(leaf, 10),
            Dirty: false,
            CacheIndex: (int)Bits(leaf, 4, 2));
    }
}
