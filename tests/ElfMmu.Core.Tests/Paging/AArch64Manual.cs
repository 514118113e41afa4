using static ElfMmu.Tests.Paging.ManualBits;

namespace ElfMmu.Tests.Paging;

/// <summary>
/// Translates one address as the Arm ARM (DDI 0487, D8) tells it for stage 1 of the EL1&amp;0 regime, slowly and word for word.
/// Where the architecture would fault for a state that comes and goes, the page counts as mapped: AF = 0, PAN and E0PD.
/// </summary>
/// <param name="read">Reads 8 bytes at a physical address; null where there is no memory.</param>
/// <param name="granuleBits">The log2 of the mode's granule.</param>
/// <param name="register">A register's value by name; null when it isn't known.</param>
/// <param name="physicalAddressBits">The implemented size of physical addresses, when known.</param>
internal sealed class AArch64Manual(
    Func<ulong, int, ulong?> read, int granuleBits, Func<string, ulong?> register, int? physicalAddressBits)
{
    private readonly ulong? _tcr = register("tcr_el1");

    /// <summary>D8.2.3: how the lower or the upper half of the addresses is translated.</summary>
    public AArch64Tables Tables(bool upper)
    {
        int granule = granuleBits;
        int size = 16;
        bool ds = false;
        int output = 48;
        if (_tcr is { } tcr)
        {
            // The mode's name says what TG0 does. TG1 has an encoding of its own, and 0b00 in it is reserved.
            if (upper)
            {
                granule = Bits(tcr, 31, 30) switch
                {
                    1 => 14,
                    2 => 12,
                    3 => 16,
                    _ => granuleBits,
                };
            }

            ds = granule != 16 && Bit(tcr, 59);
            size = AArch64Tables.ClampSize((int)(upper ? Bits(tcr, 21, 16) : Bits(tcr, 5, 0)), granule, ds);
            output = AArch64Tables.PhysicalBits(Bits(tcr, 34, 32));
        }

        int input = 64 - size;
        int start = 3 - ((input - 1 - granule) / (granule - 3));
        return new AArch64Tables(granule, ds, Math.Min(output, physicalAddressBits ?? 52), input, start);
    }

    /// <summary>Whether bits 63:56 of an address are a tag: TBI0 and TBI1.</summary>
    public bool TopByteIgnored(bool upper) => _tcr is { } tcr && Bit(tcr, upper ? 38 : 37);

    public ManualPage? Translate(ulong ttbr0, ulong address)
    {
        bool upper = Bit(address, 55);
        if ((upper ? register("ttbr1_el1") : ttbr0) is not { } ttbr)
        {
            return null;
        }

        // EPD0 and EPD1 switch walks off.
        if (_tcr is { } tcr && Bit(tcr, upper ? 23 : 7))
        {
            return null;
        }

        AArch64Tables tables = Tables(upper);
        for (int bit = tables.InputBits; bit <= (TopByteIgnored(upper) ? 55 : 63); bit++)
        {
            if (Bit(address, bit) != upper)
            {
                return null;
            }
        }

        return tables.Walk(read, ttbr, address, out ulong physical, out ulong size) is { } path
            ? Page(physical, size, path, upper)
            : null;
    }

    /// <summary>D8.4 "Memory access control": direct permissions, the hierarchical ones above them, WXN.</summary>
    private ManualPage Page(ulong physical, ulong size, List<ulong> path, bool upper)
    {
        ulong leaf = path[^1];
        bool Known(int bit) => _tcr is { } tcr && Bit(tcr, bit);
        bool hardwareDirty = Known(39) && Known(40);
        bool hierarchical = !Known(upper ? 42 : 41);
        bool Above(int bit) => hierarchical && path.SkipLast(1).Any(d => Bit(d, bit));

        // A leaf with DBM that hardware may make dirty is writable, clean or not.
        bool readOnly = Bit(leaf, 7) && !(hardwareDirty && Bit(leaf, 51));
        bool unprivileged = Bit(leaf, 6);
        bool pw = !readOnly;
        bool ur = unprivileged;
        bool uw = unprivileged && !readOnly;

        // APTable[0] takes EL0's access, APTable[1] all writing.
        if (Above(61))
        {
            ur = uw = false;
        }

        if (Above(62))
        {
            pw = uw = false;
        }

        // What EL0 can write is never executed at EL1.
        bool px = !(Bit(leaf, 53) || Above(59) || uw);
        bool ux = !(Bit(leaf, 54) || Above(60));
        if ((register("sctlr_el1") ?? register("sctlr")) is { } sctlr && Bit(sctlr, 19))
        {
            px &= !pw;
            ux &= !uw;
        }

        return new ManualPage(
            physical,
            size,
            Of(ur, uw, ux),
            Of(true, pw, px),
            Global: !Bit(leaf, 11),
            Accessed: Bit(leaf, 10),
            Dirty: Bit(leaf, 51) && !Bit(leaf, 7),
            CacheIndex: (int)Bits(leaf, 4, 2));
    }
}
