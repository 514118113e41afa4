using static ElfMmu.Tests.Paging.ManualBits;

namespace ElfMmu.Tests.Paging;

/// <summary>
/// Translates one intermediate physical address as the Arm ARM (DDI 0487, D8) tells it for stage 2 of the EL1&amp;0 regime,
/// slowly and word for word. AF = 0 leaves count as mapped.
/// </summary>
/// <param name="read">Reads 8 bytes at a physical address; null where there is no memory.</param>
/// <param name="granuleBits">The log2 of the mode's granule.</param>
/// <param name="vtcr">VTCR_EL2, when known.</param>
/// <param name="physicalAddressBits">The implemented size of physical addresses, when known.</param>
internal sealed class AArch64Stage2Manual(
    Func<ulong, int, ulong?> read, int granuleBits, ulong? vtcr, int? physicalAddressBits)
{
    /// <summary>D8.2.3: how addresses are translated; null where SL0, SL2 and T0SZ contradict each other.</summary>
    public AArch64Tables? Tables()
    {
        if (vtcr is not { } value)
        {
            // 48 bits, and the start level that needs the fewest tables and is allowed without DS.
            int first = granuleBits == 12 ? 0 : 1;
            return new AArch64Tables(granuleBits, false, Math.Min(48, physicalAddressBits ?? 48), 48, first);
        }

        bool ds = granuleBits != 16 && Bit(value, 32);
        int input = 64 - AArch64Tables.ClampSize((int)Bits(value, 5, 0), granuleBits, ds);
        bool sl2 = granuleBits == 12 && ds && Bit(value, 33);
        int? start = (granuleBits, sl2, Bits(value, 7, 6)) switch
        {
            (12, false, 0) => 2,
            (12, false, 1) => 1,
            (12, false, 2) => 0,
            (12, false, 3) => 3,
            (12, true, 0) => -1,
            (14, _, 3) => ds ? 0 : null,
            (14 or 16, _, 0) => 3,
            (14 or 16, _, 1) => 2,
            (14 or 16, _, 2) => 1,
            _ => null,
        };
        if (start is not { } level)
        {
            return null;
        }

        // The start level resolves at least one bit, and at most what 16 tables side by side do.
        int output = Math.Min(AArch64Tables.PhysicalBits(Bits(value, 18, 16)), physicalAddressBits ?? 52);
        var tables = new AArch64Tables(granuleBits, ds, output, input, level);
        int resolved = input - tables.Low(level);
        return resolved >= 1 && resolved <= tables.Stride + 4 ? tables : null;
    }

    public ManualPage? Translate(ulong vttbr, ulong address)
    {
        if (Tables() is not { } tables
            || address >> tables.InputBits != 0
            || tables.Walk(read, vttbr, address, out ulong physical, out ulong size) is not { } path)
        {
            return null;
        }

        // D8.4: S2AP[0] reads, S2AP[1] writes; XN[1:0] with FEAT_XNX, whatever S2AP says.
        ulong leaf = path[^1];
        bool hardwareDirty = vtcr is { } value && Bit(value, 21) && Bit(value, 22);
        bool readable = Bit(leaf, 6);
        bool writable = Bit(leaf, 7) || (hardwareDirty && Bit(leaf, 51));
        (bool px, bool ux) = Bits(leaf, 54, 53) switch
        {
            0 => (true, true),
            1 => (false, true),
            2 => (false, false),
            _ => (true, false),
        };
        Rights user = Of(readable, writable, ux);
        Rights supervisor = Of(readable, writable, px);
        return (user | supervisor) == Rights.None
            ? null
            : new ManualPage(
                physical,
                size,
                user,
                supervisor,
                Global: false,
                Accessed: Bit(leaf, 10),
                Dirty: Bit(leaf, 51) && Bit(leaf, 7),
                CacheIndex: (int)Bits(leaf, 5, 2));
    }
}
