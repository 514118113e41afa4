namespace ElfMmu.Paging;

/// <summary>Intel's extended page tables, which translate a guest's physical addresses.</summary>
internal static class EptModes
{
    // The names of types 2, 3 and 7 only hold their places: an entry with one of them maps nothing.
    private static readonly string[] Caching = ["UC", "WC", "reserved", "reserved", "WT", "WP", "WB", "reserved"];

    public static readonly PagingMode Ept = Mode("ept", 4, 48, X86Modes.Pt, X86Modes.Pd, X86Modes.Pdpt, X86Modes.Pml4);

    public static readonly PagingMode Ept5 =
        Mode("ept5", 5, 57, X86Modes.Pt, X86Modes.Pd, X86Modes.Pdpt, X86Modes.Pml4, X86Modes.Pml5);

    /// <summary>All of them.</summary>
    public static readonly PagingMode[] All = [Ept, Ept5];

    private static RadixMode<EptFormat> Mode(string name, int length, int bits, params PagingLevel[] levels) => new()
    {
        Name = name,
        Description = $"Intel VT-x, {length}-level extended page tables of a guest",
        Architecture = Architecture.X86,
        IsNested = true,
        WordSize = 64,
        VirtualAddressBits = bits,
        PhysicalAddressBits = 52,
        RootRegister = X86Registers.Eptp,
        DecodeRegister = X86Modes.DecodeRoot,
        Levels = levels,
        CacheNames = Caching,
        Reference = "Intel SDM volume 3C, \"The Extended Page Table Mechanism (EPT)\"",
        Layouts = _ => X86Layouts.Extended,
        Trees = (mode, r) => [new(new EptFormat(r.Options), r.Root!.Value, mode.Levels)],
    };
}
