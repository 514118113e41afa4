using static ElfMmu.Tests.Paging.ManualBits;

namespace ElfMmu.Tests.Paging;

/// <summary>
/// Translates one guest-physical address as the AMD64 manual tells it (volume 2, 5.3 "Long-Mode Page Translation" and 15.25
/// "Nested Paging"), slowly and word for word: the yardstick for the walker, which shares nothing with it.
/// </summary>
/// <param name="read">Reads an entry of 8 bytes at a physical address; null where there is no memory.</param>
/// <param name="maxPhyAddr">The physical-address size, CPUID Fn8000_0008_EAX[7:0].</param>
/// <param name="nxe">The host's EFER.NXE.</param>
internal sealed class NptManual(Func<ulong, int, ulong?> read, int maxPhyAddr, bool nxe)
{
    /// <summary>Why the last address did not translate; empty when it did.</summary>
    public string Why { get; private set; } = "";

    /// <param name="mode">npt for 4 levels, npt5 for 5.</param>
    /// <param name="nestedCr3">The host's CR3 for nested paging; only bits 51:12 count.</param>
    /// <param name="guestPhysical">The address.</param>
    public ManualPage? Translate(string mode, ulong nestedCr3, ulong guestPhysical)
    {
        Why = "";
        int levels = mode switch
        {
            "npt" => 4,
            "npt5" => 5,
            _ => throw new ArgumentOutOfRangeException(nameof(mode)),
        };

        // A guest-physical address is zero-extended, and no longer than the tables translate.
        if (Bits(guestPhysical, 63, levels == 4 ? 48 : 57) != 0)
        {
            return Fault("address");
        }

        var path = new List<ulong>();
        ulong table = Bits(nestedCr3, 51, 12) << 12;
        for (int level = levels; level >= 1; level--)
        {
            int low = 12 + (9 * (level - 1));
            if (read(table | (Bits(guestPhysical, low + 8, low) << 3), 8) is not { } entry)
            {
                return Fault("no memory");
            }

            if (!Bit(entry, 0))
            {
                return Fault("not present");
            }

            // The bits from the physical-address size to 51 must be zero; so must bit 63 if no-execute isn't enabled.
            if (maxPhyAddr < 52 && Bits(entry, 51, maxPhyAddr) != 0)
            {
                return Fault("beyond the physical-address size");
            }

            if (!nxe && Bit(entry, 63))
            {
                return Fault("NX without NXE");
            }

            // Bits 8:7 of a PML5E and a PML4E must be zero.
            if (level >= 4 && Bits(entry, 8, 7) != 0)
            {
                return Fault("reserved bit of a PML4E or PML5E");
            }

            path.Add(entry);
            if (level == 1)
            {
                return Page(low, pat: 7, path, guestPhysical);
            }

            if (level <= 3 && Bit(entry, 7))
            {
                // A 1-Gbyte page wants zeros in bits 29:13, a 2-Mbyte page in bits 20:13; bit 12 is PAT.
                return Bits(entry, low - 1, 13) != 0
                    ? Fault("reserved bit of a large page")
                    : Page(low, pat: 12, path, guestPhysical);
            }

            table = Bits(entry, 51, 12) << 12;
        }

        return null;
    }

    /// <summary>15.25.5 and 15.25.6: every access is that of a user, permissions combine, and G is not looked at.</summary>
    private ManualPage? Page(int low, int pat, List<ulong> path, ulong guestPhysical)
    {
        if (!path.All(e => Bit(e, 2)))
        {
            return Fault("no page of a user");
        }

        Rights rights = Rights.Read;
        if (path.All(e => Bit(e, 1)))
        {
            rights |= Rights.Write;
        }

        if (!path.Any(e => Bit(e, 63)))
        {
            rights |= Rights.Execute;
        }

        ulong leaf = path[^1];
        return new ManualPage(
            (Bits(leaf, 51, low) << low) | Bits(guestPhysical, low - 1, 0),
            1UL << low,
            rights,
            rights,
            Global: false,
            Accessed: Bit(leaf, 5),
            Dirty: Bit(leaf, 6),
            CacheIndex: (Bit(leaf, 3) ? 1 : 0) | (Bit(leaf, 4) ? 2 : 0) | (Bit(leaf, pat) ? 4 : 0));
    }

    private ManualPage? Fault(string why)
    {
        Why = why;
        return null;
    }
}
