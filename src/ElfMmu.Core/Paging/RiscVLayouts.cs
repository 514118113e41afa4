using static ElfMmu.Paging.EntryField;

namespace ElfMmu.Paging;

/// <summary>The names of the bits in RISC-V's entries; they are the same for tables and pages, and for both stages.</summary>
/// <remarks>
/// RISC-V Privileged Architecture, "Addressing and Memory Protection" of Sv32 and Sv39, "Svnapot" (N) and "Svpbmt" (PBMT).
/// </remarks>
internal static class RiscVLayouts
{
    private static readonly EntryField[] Low =
    [
        Flag("V", 0), Flag("R", 1), Flag("W", 2), Flag("X", 3), Flag("U", 4), Flag("G", 5), Flag("A", 6), Flag("D", 7),
        NumberIfAny("RSW", 8, 2),
    ];

    /// <summary>Entries of 4 bytes.</summary>
    public static readonly EntryLayouts Narrow = new(1, new EntryLayout(0, 0, Low));

    /// <summary>Entries of 8 bytes.</summary>
    public static readonly EntryLayouts Wide =
        new(1, new EntryLayout(0, 0, [.. Low, Choice(61, 2, "", "PBMT=NC", "PBMT=IO", "PBMT=3"), Flag("N", 63)]));
}
