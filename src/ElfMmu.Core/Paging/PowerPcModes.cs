namespace ElfMmu.Paging;

/// <summary>The way of 32-bit PowerPC to translate addresses.</summary>
internal static class PowerPcModes
{
    public static readonly PagingMode Ppc32 = new PowerPcMode
    {
        Name = "ppc32",
        Description = "PowerPC, 32-bit: segments, BATs and a hashed page table",
        Aliases = ["powerpc"],
        Architecture = Architecture.PowerPC,
        WordSize = 32,
        DefaultByteOrder = ByteOrder.Big,
        VirtualAddressBits = 32,
        PhysicalAddressBits = 32,
        RootRegister = PowerPcRegisters.Sdr1,
        OtherRegisters = [.. PowerPcRegisters.Segments, .. PowerPcRegisters.InstructionBats, .. PowerPcRegisters.DataBats],
        DecodeRegister = (value, _) => value & 0xffff_01ff,
        Levels = [new("PTE", 1, PowerPcPage.Shift, 16, HasLeaves: true)],
        ExtraPageSizes = [.. Enumerable.Range(PowerPcBat.BlockShift, 12).Select(shift => 1UL << shift)],
        CacheNames = [.. Enumerable.Range(0, 16).Select(CacheName)],
        Layouts = _ => PowerPcLayouts.Pte,
        Reference = "The Programming Environments Manual for 32-Bit Microprocessors, chapter 7",
    };

    /// <summary>All of them.</summary>
    public static readonly PagingMode[] All = [Ppc32];

    // Write-through, caching inhibited, memory coherence, guarded; with none of them memory is cached and written back.
    private static string CacheName(int wimg) =>
        wimg == 0 ? "WB" : string.Join(", ", "WIMG".Where((_, i) => (wimg & (8 >> i)) != 0));
}
