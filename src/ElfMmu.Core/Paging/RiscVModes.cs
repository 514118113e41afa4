namespace ElfMmu.Paging;

/// <summary>The ways of RISC-V to translate addresses, and those of its hypervisor extension to translate a guest's.</summary>
internal static class RiscVModes
{
    // Svpbmt's field: PMA leaves it to what stands at the physical address.
    private static readonly string[] Caching = ["PMA", "NC", "IO"];
    private static readonly PagingLevel Level0 = new("L0 PTE", 0, 12, 9, HasLeaves: true);
    private static readonly PagingLevel Level1 = new("L1 PTE", 1, 21, 9, HasLeaves: true);
    private static readonly PagingLevel Level2 = new("L2 PTE", 2, 30, 9, HasLeaves: true);
    private static readonly PagingLevel Level3 = new("L3 PTE", 3, 39, 9, HasLeaves: true);
    private static readonly PagingLevel Level4 = new("L4 PTE", 4, 48, 9, HasLeaves: true);

    private static readonly PagingLevel[] Levels32 =
        [new("L0 PTE", 0, 12, 10, HasLeaves: true), new("L1 PTE", 1, 22, 10, HasLeaves: true)];

    public static readonly PagingMode Sv32 = Mode32(nested: false);
    public static readonly PagingMode Sv39 = Mode64(39, nested: false, Level0, Level1, Level2);
    public static readonly PagingMode Sv48 = Mode64(48, nested: false, Level0, Level1, Level2, Level3);
    public static readonly PagingMode Sv57 = Mode64(57, nested: false, Level0, Level1, Level2, Level3, Level4);
    public static readonly PagingMode Sv32x4 = Mode32(nested: true);
    public static readonly PagingMode Sv39x4 = Mode64(39, nested: true, Level0, Level1, Level2);
    public static readonly PagingMode Sv48x4 = Mode64(48, nested: true, Level0, Level1, Level2, Level3);
    public static readonly PagingMode Sv57x4 = Mode64(57, nested: true, Level0, Level1, Level2, Level3, Level4);

    /// <summary>All of them.</summary>
    public static readonly PagingMode[] All = [Sv32, Sv39, Sv48, Sv57, Sv32x4, Sv39x4, Sv48x4, Sv57x4];

    private static RadixMode<RiscVFormat32> Mode32(bool nested)
    {
        // PPN, and of hgatp's two bits less; below it an address has nothing.
        ulong address = nested ? 0x3_ffff_c000UL : 0x3_ffff_f000;
        return new RadixMode<RiscVFormat32>
        {
            Name = nested ? "sv32x4" : "sv32",
            Description = nested ? "RISC-V 32-bit, second stage of a guest" : "RISC-V 32-bit",
            Architecture = Architecture.RiscV,
            IsNested = nested,
            WordSize = 32,
            VirtualAddressBits = nested ? 34 : 32,
            PhysicalAddressBits = 34,
            RootRegister = Root(nested),
            OtherRegisters = [Status(nested)],

            // Without the mode bit it can be no register that is in use.
            DecodeRegister = (value, _) => (value >> 31) == 1 ? (value << 12) & address : value & address,
            DecodeAddressOrRegister = (value, _) => IsAddress32(value) ? value & address : (value << 12) & address,
            AddressSpaceId = registers => Root(nested).In(registers) is { } value && !IsAddress32(value) && (value >> 31) == 1
                ? (value >> 22) & (nested ? 0x7fUL : 0x1ff)
                : null,
            Levels = nested ? Widened(Levels32) : Levels32,
            CacheNames = Caching[..1],
            Reference = Reference("Sv32", nested),
            Layouts = _ => RiscVLayouts.Narrow,
            Trees = (mode, r) => [new(new RiscVFormat32(r.Options, nested), r.Root!.Value, mode.Levels)],
        };
    }

    private static RadixMode<RiscVFormat64> Mode64(int bits, bool nested, params PagingLevel[] levels)
    {
        ulong address = nested ? 0x00ff_ffff_ffff_c000UL : 0x00ff_ffff_ffff_f000;
        return new RadixMode<RiscVFormat64>
        {
            Name = nested ? $"sv{bits}x4" : $"sv{bits}",
            Description = nested ? $"RISC-V, {levels.Length} levels, second stage of a guest" : $"RISC-V, {levels.Length} levels",
            Architecture = Architecture.RiscV,
            IsNested = nested,
            WordSize = 64,
            VirtualAddressBits = nested ? bits + 2 : bits,
            PhysicalAddressBits = 56,
            RootRegister = Root(nested),
            OtherRegisters = [Status(nested)],
            DecodeRegister = (value, _) => (value << 12) & address,
            DecodeAddressOrRegister = (value, _) => value >> 60 == 0 ? value & address : (value << 12) & address,
            AddressSpaceId = registers => Root(nested).In(registers) is { } value && value >> 60 != 0
                ? (value >> 44) & (nested ? 0x3fffUL : 0xffff)
                : null,
            Levels = nested ? Widened(levels) : levels,
            ExtraPageSizes = [1 << 16],
            CacheNames = Caching,
            Reference = Reference($"Sv{bits}", nested),
            Layouts = _ => RiscVLayouts.Wide,
            Trees = (mode, r) => [new(new RiscVFormat64(r.Options, nested), r.Root!.Value, mode.Levels) { SignExtended = !nested }],
        };
    }

    private static PagingRegister Root(bool nested) => nested ? RiscVRegisters.Hgatp : RiscVRegisters.Satp;

    private static PagingRegister Status(bool nested) => nested ? RiscVRegisters.NestedSstatus : RiscVRegisters.Sstatus;

    /// <summary>A guest's physical addresses have two bits more than virtual ones, which the top table takes.</summary>
    private static PagingLevel[] Widened(PagingLevel[] levels) =>
        [.. levels[..^1], levels[^1] with { IndexBits = levels[^1].IndexBits + 2 }];

    /// <summary>
    /// Whether what a user gives reads as an address: a table's address ends in twelve zeros, and a register has 32 bits.
    /// </summary>
    private static bool IsAddress32(ulong value) => (value & 0xfff) == 0 || value > uint.MaxValue;

    private static string Reference(string name, bool nested) =>
        nested ? $"RISC-V Privileged Architecture, hypervisor extension, {name}x4" : $"RISC-V Privileged Architecture, {name}";
}
