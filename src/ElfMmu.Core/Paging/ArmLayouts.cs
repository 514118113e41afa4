using static ElfMmu.Paging.EntryField;

namespace ElfMmu.Paging;

/// <summary>The names of the bits in ARM's descriptors.</summary>
/// <remarks>
/// Arm ARM DDI 0487, D8.3 "Translation table descriptor formats"; DDI 0406C, B3.5 "Short-descriptor translation table format" and B3.6
/// "Long-descriptor translation table format".
/// </remarks>
internal static class ArmLayouts
{
    private const ulong TableOrPage = 2;
    private const ulong Supersection = 1 << 18;

    private static readonly EntryField Shareability = Choice(8, 2, "", "SH=1", "SH=outer", "SH=inner");

    // AP[2:1]: who may do what. The privileged may do at least what the others may.
    private static readonly EntryField[] AccessLow =
        [Flag("V", 0), Number("AttrIndx", 2, 3), Flag("NS", 5), Choice(6, 2, "AP=priv-RW", "AP=RW", "AP=priv-RO", "AP=RO")];

    private static readonly EntryField[] AccessHigh = [Flag("AF", 10), Flag("nG", 11)];

    private static readonly EntryField[] Upper =
        [Flag("GP", 50), Flag("DBM", 51), Flag("Contiguous", 52), Flag("PXN", 53), Flag("UXN", 54), NumberIfAny("SW", 55, 4)];

    private static readonly EntryField[] Upper32 = [Flag("Contiguous", 52), Flag("PXN", 53), Flag("XN", 54), NumberIfAny("SW", 55, 4)];

    private static readonly EntryField[] NestedLow =
        [Flag("V", 0), Number("MemAttr", 2, 4), Choice(6, 2, "S2AP=none", "S2AP=R", "S2AP=W", "S2AP=RW")];

    // XN[1:0] with FEAT_XNX: of EL1, of both, of EL0.
    private static readonly EntryField[] NestedHigh =
        [Flag("AF", 10), Flag("DBM", 51), Flag("Contiguous", 52), Choice(53, 2, "", "XN=EL1", "XN", "XN=EL0"), NumberIfAny("SW", 55, 4)];

    private static readonly EntryField[] SectionFields =
    [
        Flag("PXN", 0), Flag("B", 2), Flag("C", 3), Flag("XN", 4), Number("AP", 10, 2), Flag("APX", 15), Number("TEX", 12, 3),
        Flag("S", 16), Flag("nG", 17), Flag("NS", 19),
    ];

    private static readonly EntryField[] PageFields =
        [Flag("B", 2), Flag("C", 3), Number("AP", 4, 2), Flag("APX", 9), Flag("S", 10), Flag("nG", 11)];

    /// <summary>Short descriptors.</summary>
    public static readonly EntryLayouts Short = new(
        3,
        new EntryLayout(2, 2, [Flag("XN", 0), .. PageFields, Number("TEX", 6, 3)]) { HighestHeight = 0 },
        new EntryLayout(0, 0, [.. PageFields, Number("TEX", 12, 3), Flag("XN", 15)]) { HighestHeight = 0 },
        new EntryLayout(Supersection | 2, Supersection | 2, [Flag("Supersection", 18), .. SectionFields]),
        new EntryLayout(2, 2, [.. SectionFields, Number("Domain", 5, 4)]),
        new EntryLayout(0, 0, Flag("PXN", 2), Flag("NS", 3), Number("Domain", 5, 4)));

    /// <summary>Long descriptors of 32-bit processors.</summary>
    public static readonly EntryLayouts Long32 = Make(
        [.. AccessLow, Shareability, .. AccessHigh, .. Upper32],
        Flag("V", 0), Flag("PXNTable", 59), Flag("XNTable", 60), ApTable(), Flag("NSTable", 63));

    private static readonly EntryLayouts Stage1 = Make([.. AccessLow, Shareability, .. AccessHigh, .. Upper], Table1());
    private static readonly EntryLayouts Stage1Wide = Make([.. AccessLow, .. AccessHigh, .. Upper], Table1());
    private static readonly EntryLayouts Stage2 = Make([.. NestedLow, Shareability, .. NestedHigh], Flag("V", 0));
    private static readonly EntryLayouts Stage2Wide = Make([.. NestedLow, .. NestedHigh], Flag("V", 0));

    /// <summary>AArch64's descriptors.</summary>
    /// <param name="nested">Whether of stage 2.</param>
    /// <param name="wide">Whether bits 9:8 are part of the address (FEAT_LPA2) instead of the shareability.</param>
    public static EntryLayouts Of(bool nested, bool wide) =>
        nested ? wide ? Stage2Wide : Stage2 : wide ? Stage1Wide : Stage1;

    private static EntryField ApTable() => Choice(61, 2, "", "APTable=priv", "APTable=RO", "APTable=priv-RO");

    private static EntryField[] Table1() =>
        [Flag("V", 0), Flag("PXNTable", 59), Flag("UXNTable", 60), ApTable(), Flag("NSTable", 63)];

    private static EntryLayouts Make(EntryField[] page, params EntryField[] table) => new(
        1,
        new EntryLayout(0, 0, page) { HighestHeight = 0 },
        new EntryLayout(TableOrPage, TableOrPage, table),
        new EntryLayout(0, 0, page));
}
