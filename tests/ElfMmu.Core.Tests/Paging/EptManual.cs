using static ElfMmu.Tests.Paging.ManualBits;

namespace ElfMmu.Tests.Paging;

/// <summary>
/// Translates one guest-physical address as the Intel SDM tells it (volume 3C, "The Extended Page Table Mechanism"), slowly and
/// word for word: the yardstick for the walker, which shares nothing with it. Execute-only translations, 1-GByte pages and the
/// accessed and dirty flags are taken for supported and enabled, mode-based execute control and shadow stacks for not.
/// </summary>
/// <param name="read">Reads an entry of 8 bytes at a physical address; null where there is no memory.</param>
/// <param name="maxPhyAddr">The physical-address width, CPUID.80000008H:EAX[7:0].</param>
internal sealed class EptManual(Func<ulong, int, ulong?> read, int maxPhyAddr)
{
    /// <summary>Why the last address did not translate; empty when it did.</summary>
    public string Why { get; private set; } = "";

    /// <param name="mode">ept for 4 levels, ept5 for 5.</param>
    /// <param name="eptp">The extended-page-table pointer; only bits 51:12 count.</param>
    /// <param name="guestPhysical">The address.</param>
    public ManualPage? Translate(string mode, ulong eptp, ulong guestPhysical)
    {
        Why = "";
        int levels = mode switch
        {
            "ept" => 4,
            "ept5" => 5,
            _ => throw new ArgumentOutOfRangeException(nameof(mode)),
        };

        // Bits 47:39, or 56:48, select the entry of the first table; an address with a bit above is an EPT violation.
        if (Bits(guestPhysical, 63, levels == 4 ? 48 : 57) != 0)
        {
            return Fault("address");
        }

        // Bits 2:0 are "read", "write" and "execute" and hold only as far as every entry used has them.
        ulong access = 7;
        ulong table = Bits(eptp, 51, 12) << 12;
        for (int level = levels; level >= 1; level--)
        {
            int low = 12 + (9 * (level - 1));
            if (read(table | (Bits(guestPhysical, low + 8, low) << 3), 8) is not { } entry)
            {
                return Fault("no memory");
            }

            // The entry is present if any of bits 2:0 is 1.
            if (Bits(entry, 2, 0) == 0)
            {
                return Fault("not present");
            }

            // EPT misconfigurations. Bit 0 is clear and bit 1 is set.
            if (!Bit(entry, 0) && Bit(entry, 1))
            {
                return Fault("write without read");
            }

            // A reserved bit is set, in the range 51:12 beyond the physical-address width.
            if (maxPhyAddr < 52 && Bits(entry, 51, maxPhyAddr) != 0)
            {
                return Fault("beyond the physical-address width");
            }

            access &= Bits(entry, 2, 0);
            if (level == 1 || (level <= 3 && Bit(entry, 7)))
            {
                return Page(entry, low, guestPhysical, access);
            }

            // Bits 7:3 of a PML5E and a PML4E are reserved, and bits 6:3 of a PDPTE and a PDE that refer to a table.
            if (Bits(entry, level >= 4 ? 7 : 6, 3) != 0)
            {
                return Fault("reserved bit of a pointer");
            }

            table = Bits(entry, 51, 12) << 12;
        }

        return null;
    }

    private ManualPage? Page(ulong entry, int low, ulong guestPhysical, ulong access)
    {
        // A 1-GByte page reserves bits 29:12, a 2-MByte page bits 20:12.
        if (low > 12 && Bits(entry, low - 1, 12) != 0)
        {
            return Fault("reserved bit of a large page");
        }

        // The last misconfiguration: a memory type that is reserved.
        ulong type = Bits(entry, 5, 3);
        if (type is 2 or 3 or 7)
        {
            return Fault("memory type");
        }

        // An access that bits 2:0 of any entry forbid is an EPT violation, and here that is every access.
        if (access == 0)
        {
            return Fault("no access");
        }

        Rights rights = (Bit(access, 0) ? Rights.Read : 0)
            | (Bit(access, 1) ? Rights.Write : 0)
            | (Bit(access, 2) ? Rights.Execute : 0);
        return new ManualPage(
            (Bits(entry, 51, low) << low) | Bits(guestPhysical, low - 1, 0),
            1UL << low,
            rights,
            rights,
            Global: false,
            Accessed: Bit(entry, 8),
            Dirty: Bit(entry, 9),
            CacheIndex: (int)type);
    }

    private ManualPage? Fault(string why)
    {
        Why = why;
        return null;
    }
}
