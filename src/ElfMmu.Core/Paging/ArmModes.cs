namespace ElfMmu.Paging;

/// <summary>The two ways of 32-bit ARM processors to translate addresses.</summary>
internal static class ArmModes
{
    private static readonly PagingLevel Second = new("L2", 2, 12, 8, HasLeaves: true);
    private static readonly PagingLevel First = new("L1", 1, 20, 12, HasLeaves: true);

    public static readonly PagingMode Short = new RadixMode<ArmFormat32>
    {
        Name = "arm-short",
        Description = "ARM, short descriptors",
        Aliases = ["short"],
        Architecture = Architecture.Arm,
        WordSize = 32,
        VirtualAddressBits = 32,
        PhysicalAddressBits = 40,
        RootRegister = ArmRegisters.Ttbr0,
        SecondRootRegister = ArmRegisters.Ttbr1,
        ControlRegister = ArmRegisters.Ttbcr,
        OtherRegisters = [ArmRegisters.Dacr, ArmRegisters.Sctlr],
        DecodeRegister = (value, options) => value & Above(14 - Division(options)),
        Levels = [Second, First],
        ExtraPageSizes = [1 << 16, 1 << 24],

        // TEX, C and B as the leaf has them: SCTLR.TRE makes them mean something else, and operating systems use that.
        CacheNames = [.. Enumerable.Range(0, 32).Select(i => $"TEX={i >> 2} C={(i >> 1) & 1} B={i & 1}")],
        Reference = "Arm ARM DDI 0406C, B3.5",
        SecondRoot = options => ShortRoot1(options),
        Layouts = _ => ArmLayouts.Short,
        Trees = ShortTrees,
    };

    public static readonly PagingMode Lpae = new RadixMode<ArmFormat64>
    {
        Name = "arm-lpae",
        Description = "ARM, long descriptors (LPAE)",
        Aliases = ["lpae", "long"],
        Architecture = Architecture.Arm,
        WordSize = 32,
        VirtualAddressBits = 32,
        PhysicalAddressBits = 40,
        RootRegister = ArmRegisters.Ttbr0,
        SecondRootRegister = ArmRegisters.Ttbr1,
        ControlRegister = ArmRegisters.Ttbcr,
        OtherRegisters = [ArmRegisters.Sctlr, ArmRegisters.Mair0, ArmRegisters.Mair1],
        DecodeRegister = (value, options) =>
        {
            ArmRegisters.Control(options, isLong: true);
            return ArmTableRules.DecodeRoot(value, wide: false);
        },
        Levels = ArmGranule.Size4K.Levels(32, 2),
        CacheNames = ArmMemoryTypes.Indexes,
        MemoryTypes = registers =>
            ArmRegisters.Mair0.In(registers) is { } low && ArmRegisters.Mair1.In(registers) is { } high ? low | (high << 32) : null,
        MemoryTypeName = ArmMemoryTypes.Name,
        Reference = "Arm ARM DDI 0406C, B3.6",
        SecondRoot = options => LongRoot1(options),

        // TTBCR.A1 says in which register the ASID is. An address has nothing there.
        AddressSpaceId = registers =>
            ((((ArmRegisters.Ttbcr.In(registers) >> 22) & 1) is 1 ? ArmRegisters.Ttbr1 : ArmRegisters.Ttbr0).In(registers) >> 48 & 0xff)
            is > 0 and var id ? id : null,
        Layouts = _ => ArmLayouts.Long32,
        Trees = LongTrees,
    };

    /// <summary>Both.</summary>
    public static readonly PagingMode[] All = [Short, Lpae];

    /// <summary>TTBCR.N: TTBR0 translates addresses whose highest so many bits are 0; with none of them, all.</summary>
    private static int Division(PagingOptions options) => (int)ArmRegisters.Control(options, isLong: false) & 7;

    private static ulong? ShortRoot1(PagingOptions options) =>
        Division(options) > 0 && (ArmRegisters.Control(options, isLong: false) & (1 << 5)) == 0
            ? ArmRegisters.Ttbr1.In(options.Registers) & Above(14)
            : null;

    private static ulong? LongRoot1(PagingOptions options) =>
        ArmRegisters.Control(options, isLong: true) is var control && (control & 0x7_0007) != 0 && (control & (1 << 23)) == 0
            && ArmRegisters.Ttbr1.In(options.Registers) is { } register
            ? ArmTableRules.DecodeRoot(register, wide: false)
            : null;

    private static IReadOnlyList<RadixTree<ArmFormat32>> ShortTrees(PagingMode mode, WalkRequest request)
    {
        ulong control = ArmRegisters.Control(request.Options, isLong: false);
        int division = Division(request.Options);
        var format = new ArmFormat32(request.Options);
        var trees = new List<RadixTree<ArmFormat32>>(2);
        if (request.Root is { } lower && (control & (1 << 4)) == 0)
        {
            PagingLevel first = First with { IndexBits = First.IndexBits - division };
            trees.Add(new(format, lower & Above(14 - division), [Second, first]));
        }

        if (ShortRoot1(request.Options) is { } upper)
        {
            trees.Add(new(format, upper, mode.Levels) { First = 1UL << (32 - division) });
        }

        return trees;
    }

    /// <summary>
    /// TTBR0 has the addresses from 0 on whose highest T0SZ bits are 0, TTBR1 those to the end whose highest T1SZ bits are 1. A size
    /// of 0 stands for all that the other one leaves, and two of them for TTBR0; between two others there is a hole.
    /// </summary>
    private static IReadOnlyList<RadixTree<ArmFormat64>> LongTrees(PagingMode mode, WalkRequest request)
    {
        ulong control = ArmRegisters.Control(request.Options, isLong: true);
        RegisterSet registers = request.Options.Registers;
        int size0 = (int)control & 7;
        int size1 = (int)(control >> 16) & 7;
        var rules = new ArmTableRules
        {
            Granule = ArmGranule.Size4K,
            OutputBits = 40,
            HasTableRights = true,
            Rights = ArmRights.Long32(
                ArmRegisters.WriteNeverExecute(registers) == true, ArmRegisters.UserWriteNeverExecute(registers) == true),
        };
        var trees = new List<RadixTree<ArmFormat64>>(2);
        if (request.Root is { } lower && (control & (1 << 7)) == 0)
        {
            ulong last = size0 == 0 && size1 != 0 ? Above(32 - size1) - 1 : uint.MaxValue;
            trees.Add(Limit(Tree(rules, lower, size0), 0, last));
        }

        if (LongRoot1(request.Options) is { } upper)
        {
            ulong first = size1 == 0 ? 1UL << (32 - size0) : Above(32 - size1);
            RadixTree<ArmFormat64> tree = Tree(rules, upper, size1);
            trees.Add(Limit(tree with { Base = size1 == 0 ? 0 : first }, first, uint.MaxValue));
        }

        return trees;
    }

    private static RadixTree<ArmFormat64> Tree(ArmTableRules rules, ulong root, int size) =>
        rules.Tree(root, rules.Granule.Levels(32 - size, rules.Granule.TopHeight(32 - size)));

    private static RadixTree<ArmFormat64> Limit(RadixTree<ArmFormat64> tree, ulong first, ulong last) => tree with
    {
        First = Math.Max(tree.First, first),
        Last = Math.Min(tree.Last, last),
    };

    /// <summary>The bits of a 32-bit number from this one up.</summary>
    private static ulong Above(int bit) => uint.MaxValue & ~((1UL << bit) - 1);
}
