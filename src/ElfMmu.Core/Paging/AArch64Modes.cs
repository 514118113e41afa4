namespace ElfMmu.Paging;

/// <summary>AArch64's ways to translate addresses: EL1 and EL0, and a guest's physical addresses, each with three granules.</summary>
internal static class AArch64Modes
{
    private static readonly string[] Policies = ["", "NC", "WT", "WB"];

    public static readonly PagingMode Granule4K = Stage1(ArmGranule.Size4K);
    public static readonly PagingMode Granule16K = Stage1(ArmGranule.Size16K);
    public static readonly PagingMode Granule64K = Stage1(ArmGranule.Size64K);
    public static readonly PagingMode Nested4K = Stage2(ArmGranule.Size4K);
    public static readonly PagingMode Nested16K = Stage2(ArmGranule.Size16K);
    public static readonly PagingMode Nested64K = Stage2(ArmGranule.Size64K);

    /// <summary>All of them.</summary>
    public static readonly PagingMode[] All = [Granule4K, Granule16K, Granule64K, Nested4K, Nested16K, Nested64K];

    /// <summary>The mode of a granule, or of its second stage; null for none.</summary>
    public static PagingMode? Of(ArmGranule? granule, bool nested = false) =>
        granule == null ? null : All.First(m => m.IsNested == nested && m.Granule == 1UL << granule.PageShift);

    private static RadixMode<ArmFormat64> Stage1(ArmGranule granule) => new()
    {
        Name = "aarch64-" + granule.Name,
        Description = $"AArch64, {1 << (granule.PageShift - 10)} KiB granule (EL1 and EL0)",
        Aliases = ["aarch64", "arm64", "long", "arm64-" + granule.Name],
        Architecture = Architecture.AArch64,
        WordSize = 64,
        VirtualAddressBits = 52,
        PhysicalAddressBits = 52,
        RootRegister = AArch64Registers.Ttbr0,
        SecondRootRegister = AArch64Registers.Ttbr1,
        ControlRegister = AArch64Registers.Tcr,
        OtherRegisters = [AArch64Registers.Sctlr, AArch64Registers.Mair],
        Levels = granule.Levels(52, granule.TopHeight(52)),
        CacheNames = ArmMemoryTypes.Indexes,
        MemoryTypes = AArch64Registers.Mair.In,
        MemoryTypeName = ArmMemoryTypes.Name,
        Reference = "Arm ARM DDI 0487, D8",
        SecondRoot = options => new AArch64Stage1(granule, options).Root1,

        // TCR_EL1.A1 says in which register the ASID is. An address has nothing there.
        AddressSpaceId = registers => AboveRoot(
            ((AArch64Registers.Tcr.In(registers) >> 22) & 1) is 1 ? AArch64Registers.Ttbr1 : AArch64Registers.Ttbr0, registers),
        Tags = AArch64Stage1.Tags,
        DecodeRegister = (value, options) => ArmTableRules.DecodeRoot(value, new AArch64Stage1(granule, options).IsWide(0)),
        DecodeAddressOrRegister = (value, options) => Address(value, new AArch64Stage1(granule, options).IsWide(0)),
        Layouts = options =>
            ArmLayouts.Of(nested: false, wide: granule.PageShift < 16 && new AArch64Stage1(granule, options).IsWide(0)),
        Trees = (_, request) => new AArch64Stage1(granule, request.Options).Trees(request.Root),
    };

    private static RadixMode<ArmFormat64> Stage2(ArmGranule granule) => new()
    {
        Name = "aarch64-s2-" + granule.Name,
        Description = $"AArch64, a guest's physical addresses, {1 << (granule.PageShift - 10)} KiB granule",
        Architecture = Architecture.AArch64,
        IsNested = true,
        WordSize = 64,
        VirtualAddressBits = 52,
        PhysicalAddressBits = 52,
        RootRegister = AArch64Registers.Vttbr,
        ControlRegister = AArch64Registers.Vtcr,
        Levels = granule.Levels(52, granule.TopHeight(52)),
        CacheNames = [.. Enumerable.Range(0, 16).Select(MemoryType)],
        Reference = "Arm ARM DDI 0487, D8, stage 2",
        AddressSpaceId = registers => AboveRoot(AArch64Registers.Vttbr, registers),
        DecodeRegister = (value, options) => ArmTableRules.DecodeRoot(value, new AArch64Stage2(granule, options).IsWide),
        DecodeAddressOrRegister = (value, options) => Address(value, new AArch64Stage2(granule, options).IsWide),
        Layouts = options =>
            ArmLayouts.Of(nested: true, wide: granule.PageShift < 16 && new AArch64Stage2(granule, options).IsWide),
        Trees = (_, request) => new AArch64Stage2(granule, request.Options).Trees(request.Root!.Value),
    };

    /// <summary>
    /// An address above 2^48 stands where the register has the ASID or VMID; it is one when roots are wide and nothing shows that
    /// the value is a register's.
    /// </summary>
    private static ulong Address(ulong value, bool wide) =>
        wide && (value & 0xfff0_0000_0000_003f) == 0 ? value : ArmTableRules.DecodeRoot(value, wide);

    private static ulong? AboveRoot(PagingRegister root, RegisterSet registers) =>
        (root.In(registers) >> 48) is > 0 and var id ? id : null;

    /// <summary>MemAttr: a device type, or the outer and the inner cache policy.</summary>
    private static string MemoryType(int attributes) => (attributes >> 2, attributes & 3) switch
    {
        (0, var device) => ArmMemoryTypes.Devices[device],
        (_, 0) => "reserved",
        var (outer, inner) when outer == inner => Policies[outer],
        var (outer, inner) => $"outer {Policies[outer]}, inner {Policies[inner]}",
    };
}
