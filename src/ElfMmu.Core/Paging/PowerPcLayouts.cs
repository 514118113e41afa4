using static ElfMmu.Paging.EntryField;

namespace ElfMmu.Paging;

/// <summary>The names of the bits in PowerPC's page table entries, segment registers and BATs.</summary>
/// <remarks>
/// The Programming Environments Manual for 32-Bit Microprocessors, 7.6.1 "Page Table Definition", "Segment Registers" and 7.4.3 "Block
/// Register Format". Bits count from the lowest one here.
/// </remarks>
internal static class PowerPcLayouts
{
    private static readonly EntryField[] Memory =
        [Flag("W", 6), Flag("I", 5), Flag("M", 4), Flag("G", 3), Number("PP", 0, 2)];

    /// <summary>An entry of the hash table, its first word above the second.</summary>
    public static readonly EntryLayouts Pte = new(
        1UL << 63,
        new EntryLayout(
            0, 0,
            [Flag("V", 63), Number("VSID", 39, 24), Flag("H", 38), Number("API", 32, 6), Flag("R", 8), Flag("C", 7), .. Memory]));

    /// <summary>A segment register: one that goes through the hash table, or a direct-store segment.</summary>
    public static readonly EntryLayouts Segment = new(
        ulong.MaxValue,
        new EntryLayout(1U << 31, 0, Flag("Ks", 30), Flag("Kp", 29), Flag("N", 28), Number("VSID", 0, 24)),
        new EntryLayout(0, 0, Flag("T", 31), Flag("Ks", 30), Flag("Kp", 29)));

    /// <summary>A pair of BATs, the upper register above the lower.</summary>
    public static readonly EntryLayouts Bat = new(
        3UL << 32, new EntryLayout(0, 0, [Flag("Vs", 33), Flag("Vp", 32), Number("BL", 34, 11), .. Memory]));
}
