using Xunit;

namespace ElfMmu.Tests.Discovery;

/// <summary>The modes whose tables are planted, as Linux writes them.</summary>
internal sealed class TableStyles : TheoryData<string>
{
    private const ulong NoExecute = 1UL << 63;

    private static readonly (int, int)[] NineBits = [(48, 9), (39, 9), (30, 9), (21, 9), (12, 9)];

    private static readonly TableStyle[] All =
    [
        X86("ia32", 4, [(22, 10), (12, 10)], 0, 3),
        X86("pae", 8, [(30, 2), (21, 9), (12, 9)], 1, 3),
        X86("ia32e", 8, NineBits[1..], 2, 2),
        X86("la57", 8, NineBits, 3, 2),
        RiscV("sv32", 4, [(22, 10), (12, 10)], 0),
        RiscV("sv39", 8, NineBits[2..], 1),
        RiscV("sv48", 8, NineBits[1..], 2),
        RiscV("sv57", 8, NineBits, 3),
        Long("aarch64-4k", "39", [(30, 9), (21, 9), (12, 9)], 1),
        Long("aarch64-4k", "42", [(39, 3), (30, 9), (21, 9), (12, 9)], 2),
        Long("aarch64-4k", "48", NineBits[1..], 2),
        Long("aarch64-16k", "36", [(25, 11), (14, 11)], 0),
        Long("aarch64-16k", "47", [(36, 11), (25, 11), (14, 11)], 1),
        Long("aarch64-64k", "42", [(29, 13), (16, 13)], 0),
        Long("aarch64-64k", "48", [(42, 6), (29, 13), (16, 13)], 1),
        Long("arm-lpae", "", [(30, 2), (21, 9), (12, 9)], 1) with { TwoRoots = false, UserQuarters = 3 },
        new()
        {
            Name = "arm-short", Mode = "arm-short", EntrySize = 4, Levels = [(20, 12), (12, 8)], LargeLevel = 0, UserQuarters = 3,
            Table = (address, _, _) => address | 1,
            Page = (address, use) => use.Large
                ? address | 0x1_140eUL | (use.Execute ? 0 : 0x10UL) | (use.Write ? 0 : 0x8000UL)
                : address | 0x45eUL | (use.Execute ? 0 : 1UL) | (use.User ? 0x820UL : 0) | (use.Write ? 0 : 0x200UL),
        },
    ];

    public TableStyles() => AddRange([.. All.Select(s => s.Name)]);

    /// <summary>The style of a name.</summary>
    public static TableStyle Get(string name) => All.First(s => s.Name == name);

    private static TableStyle X86(string mode, int size, (int, int)[] levels, int large, int quarters) => new()
    {
        Name = mode, Mode = mode, EntrySize = size, Levels = levels, LargeLevel = large, UserQuarters = quarters,
        Table = (address, level, user) => address | (mode == "pae" && level == 0 ? 1UL : user ? 0x67UL : 0x63UL),
        Page = (address, use) => address | 0x21 | (use.Write ? 2UL : 0) | (use.Dirty ? 0x40UL : 0) | (use.Large ? 0x80UL : 0)
            | (use.User ? 4UL : 0x100UL) | (use.Execute || size == 4 ? 0 : NoExecute),
    };

    private static TableStyle RiscV(string mode, int size, (int, int)[] levels, int large) => new()
    {
        Name = mode, Mode = mode, EntrySize = size, Levels = levels, LargeLevel = large,
        Table = (address, _, _) => (address >> 12 << 10) | 1,
        Page = (address, use) => (address >> 12 << 10) | 0x43 | (use.Write ? 4UL : 0) | (use.Execute ? 8UL : 0)
            | (use.User ? 0x10UL : 0x20UL) | (use.Dirty && use.Write ? 0x80UL : 0),
    };

    private static TableStyle Long(string mode, string bits, (int, int)[] levels, int large) => new()
    {
        Name = bits.Length > 0 ? mode + "-" + bits : mode, Mode = mode, EntrySize = 8, Levels = levels, LargeLevel = large, TwoRoots = true,
        Table = (address, _, _) => address | 3,
        Page = (address, use) => address | (use.Large ? 0x701UL : 0x703UL) | (use.User ? 0x840UL | (1UL << 53) : 1UL << 54)
            | (use.Write ? 0 : 0x80UL) | (use.Execute ? 0 : use.User ? 1UL << 54 : 1UL << 53) | (bits.Length > 0 ? 0x10UL : 0x1cUL),
    };
}
