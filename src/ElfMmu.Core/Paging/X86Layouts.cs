using static ElfMmu.Paging.EntryField;

namespace ElfMmu.Paging;

/// <summary>The names of the bits in x86's entries, of both stages.</summary>
/// <remarks>
/// Intel SDM volume 3A, 5.3 to 5.5, the figures of paging-structure entries, and 5.6.2 "Protection Keys"; volume 3C, "EPT Translation
/// Mechanism", the tables of entry formats; AMD APM volume 2, 5.3 and 15.25.
/// </remarks>
internal static class X86Layouts
{
    private const ulong PageSize = 1 << 7;
    private const int Software = 9;

    private static readonly EntryField[] Pointer =
        [Flag("P", 0), Flag("RW", 1), Flag("US", 2), Flag("PWT", 3), Flag("PCD", 4), Flag("A", 5)];

    private static readonly EntryField[] Small = [.. Pointer, Flag("D", 6), Flag("PAT", 7)];
    private static readonly EntryField[] Large = [.. Pointer, Flag("D", 6), Flag("PS", 7), Flag("PAT", 12)];
    private static readonly EntryField[] Global = [Flag("G", 8), NumberIfAny("AVL", Software, 3)];
    private static readonly EntryField[] NotGlobal = [NumberIfAny("AVL", Software, 3)];
    private static readonly EntryField[] NoExecute = [Flag("NX", 63)];
    private static readonly EntryField[] Keys = [NumberIfAny("PK", 59, 4), .. NoExecute];
    private static readonly EntryField[] ExtendedRights = [Flag("R", 0), Flag("W", 1), Flag("X", 2)];

    private static readonly EntryField[] ExtendedPage =
    [
        .. ExtendedRights,
        Choice(3, 3, "MT=UC", "MT=WC", "MT=2", "MT=3", "MT=WT", "MT=WP", "MT=WB", "MT=7"),
        Flag("IPAT", 6), Flag("PS", 7), Flag("A", 8), Flag("D", 9), Flag("XU", 10),
        Flag("VGP", 57), Flag("PWA", 58), Flag("SSS", 60), Flag("SPP", 61), Flag("SVE", 63),
    ];

    /// <summary>Entries of 4 bytes.</summary>
    public static readonly EntryLayouts Ia32 = Make(Global, []);

    /// <summary>PAE's entries; its top level has no rights.</summary>
    public static readonly EntryLayouts Pae = new(
        1,
        [
            new EntryLayout(0, 0, Flag("P", 0), Flag("PWT", 3), Flag("PCD", 4), NumberIfAny("AVL", Software, 3)) { LowestHeight = 2 },
            .. Make(Global, NoExecute).Layouts,
        ]);

    /// <summary>Entries of 4-level and 5-level paging.</summary>
    public static readonly EntryLayouts Long = Make(Global, Keys);

    /// <summary>Entries of nested paging: nothing is global.</summary>
    public static readonly EntryLayouts Nested = Make(NotGlobal, NoExecute);

    /// <summary>Entries of extended page tables.</summary>
    public static readonly EntryLayouts Extended = new(
        7,
        new EntryLayout(0, 0, ExtendedPage) { HighestHeight = 0 },
        new EntryLayout(PageSize, PageSize, ExtendedPage),
        new EntryLayout(0, 0, [.. ExtendedRights, Flag("A", 8), Flag("XU", 10)]));

    private static EntryLayouts Make(EntryField[] page, EntryField[] high) => new(
        1,
        new EntryLayout(0, 0, [.. Small, .. page, .. high]) { HighestHeight = 0 },
        new EntryLayout(PageSize, PageSize, [.. Large, .. page, .. high]),
        new EntryLayout(0, 0, [.. Pointer, .. NotGlobal, .. high.Intersect(NoExecute)]));
}
