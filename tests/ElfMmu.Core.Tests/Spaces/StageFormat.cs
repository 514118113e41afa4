namespace ElfMmu.Tests.Spaces;

/// <summary>How tables of one mode are written down by a test: what an entry looks like, from what it shall say.</summary>
/// <param name="Mode">The mode.</param>
/// <param name="Levels">How many levels it has.</param>
/// <param name="TopBits">How many bits of an address select an entry of the top table.</param>
/// <param name="Choices">The rights a leaf can have.</param>
/// <param name="Pointer">The entry that points to a table.</param>
/// <param name="Leaf">The entry that maps a page: of an address, with rights, for the user or not, large or not.</param>
internal sealed record StageFormat(
    string Mode, int Levels, int TopBits, Rights[] Choices, Func<ulong, ulong> Pointer, Func<ulong, Rights, bool, bool, ulong> Leaf)
{
    private const Rights R = Rights.Read;
    private const Rights W = Rights.Write;
    private const Rights X = Rights.Execute;

    public static readonly StageFormat Ia32e = X86("ia32e");

    public static readonly StageFormat Npt = X86("npt");

    public static readonly StageFormat Ept = new(
        "ept", 4, 9, [R, X, R | W, R | X, R | W | X],
        table => table | 7,
        (page, rights, _, large) => page | Bit(rights, R, 0) | Bit(rights, W, 1) | Bit(rights, X, 2) | (6 << 3) | (large ? 0x80UL : 0));

    public static readonly StageFormat Sv39 = RiscV("sv39", 9);

    public static readonly StageFormat Sv39x4 = RiscV("sv39x4", 11);

    private static StageFormat X86(string mode) => new(
        mode, 4, 9, [R, R | W, R | X, R | W | X],
        table => table | 7,
        (page, rights, user, large) =>
            page | 1 | Bit(rights, W, 1) | (user ? 4UL : 0) | (large ? 0x80UL : 0) | (Bit(rights, X, 63) ^ (1UL << 63)));

    private static StageFormat RiscV(string mode, int topBits) => new(
        mode, 3, topBits, [R, X, R | W, R | X, R | W | X],
        table => ((table >> 12) << 10) | 1,
        (page, rights, user, _) => ((page >> 12) << 10) | 0xc1 | Bit(rights, R, 1) | Bit(rights, W, 2) | Bit(rights, X, 3)
            | (user ? 0x10UL : 0));

    private static ulong Bit(Rights rights, Rights right, int bit) => (rights & right) != 0 ? 1UL << bit : 0;
}
