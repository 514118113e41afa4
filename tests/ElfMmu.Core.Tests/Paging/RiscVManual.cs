using static ElfMmu.Tests.Paging.ManualBits;

namespace ElfMmu.Tests.Paging;

/// <summary>
/// Translates one address as the RISC-V privileged specification tells it ("Virtual Address Translation Process" of Sv32 and
/// what the sections on Sv39, Sv48, Sv57, Svnapot, Svpbmt and two-stage translation change in it), slowly and word for word:
/// the yardstick for the walker, which shares nothing with it. Svnapot and Svpbmt are taken for present. One liberty is the
/// same in both: an entry whose A is 0 still translates, and D doesn't matter to the right to write.
/// </summary>
/// <param name="read">Reads an entry of 4 or 8 bytes at a physical address; null where there is no memory.</param>
/// <param name="sum">sstatus.SUM; no matter to the G-stage.</param>
/// <param name="mxr">sstatus.MXR.</param>
internal sealed class RiscVManual(Func<ulong, int, ulong?> read, bool sum, bool mxr)
{
    /// <summary>Why the last address did not translate; empty when it did.</summary>
    public string Why { get; private set; } = "";

    /// <param name="mode">sv32, sv39, sv48, sv57, or one of them with x4 behind it for the G-stage.</param>
    /// <param name="atp">The value of satp, or of hgatp for the G-stage; only its PPN counts.</param>
    /// <param name="address">A virtual address, or a guest physical one for the G-stage.</param>
    public ManualPage? Translate(string mode, ulong atp, ulong address)
    {
        Why = "";
        bool guest = mode.EndsWith("x4", StringComparison.Ordinal);
        (int bits, int levels) = mode[..4] switch
        {
            "sv32" => (32, 2),
            "sv39" => (39, 3),
            "sv48" => (48, 4),
            "sv57" => (57, 5),
            _ => throw new ArgumentOutOfRangeException(nameof(mode)),
        };
        if (guest)
        {
            // Two bits wider than the virtual address; the bits above must all be zeros.
            if (Bits(address, 63, bits + 2) != 0)
            {
                return Fault("address");
            }
        }
        else if (bits == 32)
        {
            // Registers of RV32 have no more than 32 bits.
            if (Bits(address, 63, 32) != 0)
            {
                return Fault("address");
            }
        }
        else if (Bits(address, 63, bits) != (Bit(address, bits - 1) ? (1UL << (64 - bits)) - 1 : 0))
        {
            // Bits 63 to 39, 48 or 57 must all be equal to the one below them.
            return Fault("address");
        }

        bool wide = bits != 32;
        int pteSize = wide ? 8 : 4;
        int vpnBits = wide ? 9 : 10;

        // 1. Let a be satp.ppn x PAGESIZE, and let i = LEVELS - 1.
        ulong a = Bits(atp, wide ? 43 : 21, 0) << 12;
        bool global = false;
        for (int i = levels - 1; i >= 0; i--)
        {
            int low = 12 + (vpnBits * i);
            ulong vpn = Bits(address, low + vpnBits - 1 + (guest && i == levels - 1 ? 2 : 0), low);

            // 2. Let pte be the value of the PTE at address a + va.vpn[i] x PTESIZE.
            if (read(a + (vpn * (ulong)pteSize), pteSize) is not { } pte)
            {
                return Fault("no memory");
            }

            // 3. pte.v = 0, or pte.r = 0 and pte.w = 1, or any bits or encodings that are reserved.
            if (!Bit(pte, 0))
            {
                return Fault("V = 0");
            }

            if (!Bit(pte, 1) && Bit(pte, 2))
            {
                return Fault("W without R");
            }

            if (wide && Bits(pte, 60, 54) != 0)
            {
                return Fault("reserved bit");
            }

            // "The G bit in all G-stage PTEs is currently not used."; a global pointer makes everything below it global.
            global |= !guest && Bit(pte, 5);
            ulong ppn = Bits(pte, wide ? 53 : 31, 10);

            // 4. If pte.r = 1 or pte.x = 1, go to step 5; otherwise this PTE is a pointer.
            if (!Bit(pte, 1) && !Bit(pte, 3))
            {
                if (Bit(pte, 4) || Bit(pte, 6) || Bit(pte, 7))
                {
                    return Fault("pointer with D, A or U");
                }

                if (wide && Bits(pte, 63, 61) != 0)
                {
                    return Fault("pointer with N or PBMT");
                }

                a = ppn << 12;
                continue;
            }

            return Leaf(guest, wide, i, pte, ppn, low, address, global);
        }

        // i < 0
        return Fault("pointer at level 0");
    }

    /// <summary>Steps 5 to 8: a leaf PTE has been reached.</summary>
    private ManualPage? Leaf(bool guest, bool wide, int i, ulong pte, ulong ppn, int low, ulong address, bool global)
    {
        if (wide && Bits(pte, 62, 61) == 3)
        {
            return Fault("PBMT 3");
        }

        ulong size = 1UL << low;
        ulong physical;
        if (wide && Bit(pte, 63))
        {
            // Svnapot: only 64 KiB is defined, at level 0 with pte.ppn[3:0] = 1000; vpn[0][3:0] takes the place of these bits.
            if (i > 0)
            {
                return Fault("N above level 0");
            }

            if (Bits(ppn, 3, 0) != 8)
            {
                return Fault("N with another size");
            }

            size = 1 << 16;
            physical = (Bits(ppn, 43, 4) << 16) | Bits(address, 15, 0);
        }
        else
        {
            // If i > 0 and pte.ppn[i-1:0] is not 0, this is a misaligned superpage.
            if (i > 0 && Bits(ppn, low - 13, 0) != 0)
            {
                return Fault("misaligned superpage");
            }

            physical = (ppn << 12) | Bits(address, low - 1, 0);
        }

        // All accesses of the G-stage are those of a user.
        bool user = Bit(pte, 4);
        if (guest && !user)
        {
            return Fault("no page of a user");
        }

        Rights rights = Rights.None;
        if (Bit(pte, 1) || (mxr && Bit(pte, 3)))
        {
            rights |= Rights.Read;
        }

        if (Bit(pte, 2))
        {
            rights |= Rights.Write;
        }

        if (Bit(pte, 3))
        {
            rights |= Rights.Execute;
        }

        // A supervisor may load from a user's page and store to it when SUM = 1, and never execute it, irrespective of SUM.
        Rights supervisor = guest || !user ? rights : sum ? rights & ~Rights.Execute : Rights.None;
        return new ManualPage(
            physical,
            size,
            user ? rights : Rights.None,
            supervisor,
            global,
            Accessed: Bit(pte, 6),
            Dirty: Bit(pte, 7),
            CacheIndex: wide ? (int)Bits(pte, 62, 61) : 0);
    }

    private ManualPage? Fault(string why)
    {
        Why = why;
        return null;
    }
}
