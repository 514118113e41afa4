using static ElfMmu.Tests.Paging.ManualBits;

namespace ElfMmu.Tests.Paging;

/// <summary>
/// Translates one address as the Intel SDM tells it (volume 3A, chapter 5), slowly and word for word: the yardstick for the
/// walker, which shares nothing with it. One liberty is the same in both: the low bits that a PAE PDPTE reserves are not looked
/// at, because emulators set Accessed there.
/// </summary>
/// <param name="read">Reads an entry of 4 or 8 bytes at a physical address; null where there is no memory.</param>
/// <param name="maxPhyAddr">CPUID.80000008H:EAX[7:0].</param>
/// <param name="nxe">IA32_EFER.NXE.</param>
/// <param name="pse">CR4.PSE; only 32-bit paging asks for it.</param>
internal sealed class SdmTranslator(Func<ulong, int, ulong?> read, int maxPhyAddr, bool nxe, bool pse)
{
    public ManualPage? Translate(string mode, ulong cr3, ulong linear) => mode switch
    {
        "ia32" => Ia32(cr3, linear),
        "pae" => Pae(cr3, linear),
        "ia32e" => Ia32e(cr3, linear, levels: 4),
        "la57" => Ia32e(cr3, linear, levels: 5),
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };

    /// <summary>5.3 32-Bit Paging.</summary>
    private ManualPage? Ia32(ulong cr3, ulong linear)
    {
        if (linear > uint.MaxValue
            || read((Bits(cr3, 31, 12) << 12) | (Bits(linear, 31, 22) << 2), 4) is not { } pde
            || !Bit(pde, 0))
        {
            return null;
        }

        if (pse && Bit(pde, 7))
        {
            // Table 5-4: bits (M-20):13 are address bits (M-1):32, and those from M-19 to 21 are reserved; M is MAXPHYADDR or 40.
            int m = Math.Min(maxPhyAddr, 40);
            for (int bit = m - 19; bit <= 21; bit++)
            {
                if (Bit(pde, bit))
                {
                    return null;
                }
            }

            ulong high = m > 32 ? Bits(pde, m - 20, 13) << 32 : 0;
            return Page(high | (Bits(pde, 31, 22) << 22) | Bits(linear, 21, 0), 1 << 22, pde, 12, [pde]);
        }

        if (read((Bits(pde, 31, 12) << 12) | (Bits(linear, 21, 12) << 2), 4) is not { } pte || !Bit(pte, 0))
        {
            return null;
        }

        return Page((Bits(pte, 31, 12) << 12) | Bits(linear, 11, 0), 1 << 12, pte, 7, [pde, pte]);
    }

    /// <summary>5.4 PAE Paging.</summary>
    private ManualPage? Pae(ulong cr3, ulong linear)
    {
        if (linear > uint.MaxValue
            || read((Bits(cr3, 31, 5) << 5) | (Bits(linear, 31, 30) << 3), 8) is not { } pdpte
            || !Bit(pdpte, 0))
        {
            return null;
        }

        // Table 5-8: bits 63:MAXPHYADDR are reserved, XD among them.
        if (Bits(pdpte, 63, maxPhyAddr) != 0)
        {
            return null;
        }

        if (read((Bits(pdpte, 51, 12) << 12) | (Bits(linear, 29, 21) << 3), 8) is not { } pde || !Bit(pde, 0) || PaeReserved(pde))
        {
            return null;
        }

        if (Bit(pde, 7))
        {
            // Table 5-9: bits 20:13 are reserved.
            return Bits(pde, 20, 13) != 0
                ? null
                : Page((Bits(pde, 51, 21) << 21) | Bits(linear, 20, 0), 1 << 21, pde, 12, [pde]);
        }

        if (read((Bits(pde, 51, 12) << 12) | (Bits(linear, 20, 12) << 3), 8) is not { } pte || !Bit(pte, 0) || PaeReserved(pte))
        {
            return null;
        }

        return Page((Bits(pte, 51, 12) << 12) | Bits(linear, 11, 0), 1 << 12, pte, 7, [pde, pte]);
    }

    /// <summary>Tables 5-9 to 5-11: bits 62:MAXPHYADDR are reserved, and bit 63 if NXE is 0.</summary>
    private bool PaeReserved(ulong entry) => Bits(entry, 62, maxPhyAddr) != 0 || (!nxe && Bit(entry, 63));

    /// <summary>5.5 4-Level Paging and 5-Level Paging.</summary>
    private ManualPage? Ia32e(ulong cr3, ulong linear, int levels)
    {
        // Volume 1, 3.3.7.1: the bits above the highest one translated are all equal to it.
        ulong top = Bits(linear, 63, levels == 4 ? 47 : 56);
        if (top != 0 && top != (levels == 4 ? 0x1_ffffUL : 0xffUL))
        {
            return null;
        }

        var path = new List<ulong>();
        ulong table = Bits(cr3, 51, 12) << 12;
        for (int level = levels; level >= 1; level--)
        {
            int low = 12 + (9 * (level - 1));
            if (read(table | (Bits(linear, low + 8, low) << 3), 8) is not { } entry || !Bit(entry, 0))
            {
                return null;
            }

            // Tables 5-14 to 5-20: bits 51:MAXPHYADDR are reserved, bit 63 if NXE is 0, and bit 7 of a PML5E and a PML4E.
            if ((maxPhyAddr < 52 && Bits(entry, 51, maxPhyAddr) != 0)
                || (!nxe && Bit(entry, 63))
                || (level >= 4 && Bit(entry, 7)))
            {
                return null;
            }

            path.Add(entry);
            if (level == 1)
            {
                return Page((Bits(entry, 51, 12) << 12) | Bits(linear, 11, 0), 1 << 12, entry, 7, path);
            }

            if (level <= 3 && Bit(entry, 7))
            {
                // A 1-GByte page reserves bits 29:13, a 2-MByte page bits 20:13.
                return Bits(entry, low - 1, 13) != 0
                    ? null
                    : Page((Bits(entry, 51, low) << low) | Bits(linear, low - 1, 0), 1UL << low, entry, 12, path);
            }

            table = Bits(entry, 51, 12) << 12;
        }

        return null;
    }

    /// <summary>5.6 Access Rights, with CR0.WP set and without SMEP, SMAP and keys.</summary>
    private static ManualPage Page(ulong physical, ulong size, ulong leaf, int pat, List<ulong> path)
    {
        Rights rights = Rights.Read;
        if (path.All(e => Bit(e, 1)))
        {
            rights |= Rights.Write;
        }

        // Entries of 32-bit paging have no bit 63.
        if (!path.Any(e => Bit(e, 63)))
        {
            rights |= Rights.Execute;
        }

        bool user = path.All(e => Bit(e, 2));
        int cache = (Bit(leaf, 3) ? 1 : 0) | (Bit(leaf, 4) ? 2 : 0) | (Bit(leaf, pat) ? 4 : 0);
        return new ManualPage(
            physical, size, user ? rights : Rights.None, rights, Bit(leaf, 8), Bit(leaf, 5), Bit(leaf, 6), cache);
    }
}
