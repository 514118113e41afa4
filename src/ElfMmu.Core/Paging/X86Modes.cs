namespace ElfMmu.Paging;

/// <summary>The four ways of x86 to translate addresses.</summary>
internal static class X86Modes
{
    // PAT, PCD and PWT as the leaf has them. Their meaning is set by a register that dumps don't hold, except that none is WB.
    public static readonly string[] Caching =
        ["WB", "PWT", "PCD", "PCD, PWT", "PAT", "PAT, PWT", "PAT, PCD", "PAT, PCD, PWT"];

    public static readonly PagingLevel Pml5 = new("PML5E", 5, 48, 9, HasLeaves: false);
    public static readonly PagingLevel Pml4 = new("PML4E", 4, 39, 9, HasLeaves: false);
    public static readonly PagingLevel Pdpt = new("PDPTE", 3, 30, 9, HasLeaves: true);
    public static readonly PagingLevel Pd = new("PDE", 2, 21, 9, HasLeaves: true);
    public static readonly PagingLevel Pt = new("PTE", 1, 12, 9, HasLeaves: true);

    public static readonly PagingMode Ia32 = new RadixMode<X86Format32>
    {
        Name = "ia32",
        Description = "x86, 32-bit paging (PSE, PSE-36)",
        Aliases = ["x86", "32-bit"],
        Architecture = Architecture.X86,
        WordSize = 32,
        VirtualAddressBits = 32,
        PhysicalAddressBits = 40,
        RootRegister = X86Registers.Cr3,
        OtherRegisters = [X86Registers.Cr4],
        DecodeRegister = (value, options) => value & 0xffff_f000 & ~options.IgnoredAddressBits,
        Levels = [new("PTE", 1, 12, 10, HasLeaves: true), new("PDE", 2, 22, 10, HasLeaves: true)],
        CacheNames = Caching,
        Reference = "Intel SDM volume 3A, 5.3",
        Layouts = _ => X86Layouts.Ia32,
        Trees = (mode, r) => [new(new X86Format32(r.Options), r.Root!.Value, mode.Levels)],
    };

    public static readonly PagingMode Pae = new RadixMode<X86Format64>
    {
        Name = "pae",
        Description = "x86, PAE paging",
        Architecture = Architecture.X86,
        WordSize = 32,
        VirtualAddressBits = 32,
        PhysicalAddressBits = 52,
        RootRegister = X86Registers.Cr3,
        OtherRegisters = [X86Registers.Efer],
        DecodeRegister = (value, options) => value & 0xffff_ffe0 & ~options.IgnoredAddressBits,
        Levels = [Pt, Pd, Pdpt with { IndexBits = 2, HasLeaves = false }],
        CacheNames = Caching,
        Reference = "Intel SDM volume 3A, 5.4",
        Layouts = _ => X86Layouts.Pae,
        Trees = (mode, r) => [new(new X86Format64(r.Options, pae: true), r.Root!.Value, mode.Levels)],
    };

    public static readonly PagingMode Ia32e = Long(48, [Pt, Pd, Pdpt, Pml4], "ia32e", "ia64", "4-level", "x64", "x86-64", "amd64", "ia32e-4");

    public static readonly PagingMode La57 = Long(57, [Pt, Pd, Pdpt, Pml4, Pml5], "la57", "ia64_la57", "5-level", "ia32e-5");

    /// <summary>All of them.</summary>
    public static readonly PagingMode[] All = [Ia32, Pae, Ia32e, La57];

    /// <summary>The root of tables of 8-byte entries, whichever register holds it.</summary>
    public static ulong DecodeRoot(ulong register, PagingOptions options) =>
        register & 0x000f_ffff_ffff_f000 & ~options.IgnoredAddressBits;

    private static RadixMode<X86Format64> Long(int bits, PagingLevel[] levels, string name, params string[] aliases) => new()
    {
        Name = name,
        Description = $"x86-64, {levels.Length}-level paging",
        Aliases = aliases,
        Architecture = Architecture.X86,
        WordSize = 64,
        VirtualAddressBits = bits,
        PhysicalAddressBits = 52,
        RootRegister = X86Registers.Cr3,
        OtherRegisters = [X86Registers.Efer],
        DecodeRegister = DecodeRoot,
        Levels = levels,
        CacheNames = Caching,
        Reference = "Intel SDM volume 3A, 5.5",
        Layouts = _ => X86Layouts.Long,
        Trees = (mode, r) => [new(new X86Format64(r.Options, pae: false), r.Root!.Value, mode.Levels) { SignExtended = true }],
    };
}
