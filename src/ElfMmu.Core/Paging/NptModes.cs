namespace ElfMmu.Paging;

/// <summary>AMD's nested page tables, which translate a guest's physical addresses.</summary>
internal static class NptModes
{
    public static readonly PagingMode Npt = Mode("npt", 4, 48, X86Modes.Pt, X86Modes.Pd, X86Modes.Pdpt, X86Modes.Pml4);

    public static readonly PagingMode Npt5 =
        Mode("npt5", 5, 57, X86Modes.Pt, X86Modes.Pd, X86Modes.Pdpt, X86Modes.Pml4, X86Modes.Pml5);

    /// <summary>All of them.</summary>
    public static readonly PagingMode[] All = [Npt, Npt5];

    private static RadixMode<NptFormat> Mode(string name, int length, int bits, params PagingLevel[] levels) => new()
    {
        Name = name,
        Description = $"AMD-V, {length}-level nested page tables of a guest",
        Architecture = Architecture.X86,
        IsNested = true,
        WordSize = 64,
        VirtualAddressBits = bits,
        PhysicalAddressBits = 52,
        RootRegister = X86Registers.NestedCr3,
        OtherRegisters = [X86Registers.Efer],
        DecodeRegister = X86Modes.DecodeRoot,
        Levels = levels,
        CacheNames = X86Modes.Caching,
        Reference = "AMD APM volume 2, 15.25",
        Layouts = _ => X86Layouts.Nested,
        Trees = (mode, r) => [new(new NptFormat(r.Options), r.Root!.Value, mode.Levels)],
    };
}
