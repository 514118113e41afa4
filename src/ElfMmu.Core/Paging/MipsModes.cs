namespace ElfMmu.Paging;

/// <summary>The way of 32-bit MIPS to translate addresses.</summary>
internal static class MipsModes
{
    public static readonly PagingMode Mips32 = new MipsMode
    {
        Name = "mips32",
        Description = "MIPS, 32-bit: fixed segments and the page walk of PWBase",
        Aliases = ["mips"],
        Architecture = Architecture.Mips,
        WordSize = 32,
        DefaultByteOrder = ByteOrder.Big,
        VirtualAddressBits = 32,
        PhysicalAddressBits = 59,
        RootRegister = MipsRegisters.PwBase,
        OtherRegisters =
        [
            MipsRegisters.PwField,
            MipsRegisters.PwSize,
            MipsRegisters.PwCtl,
            MipsRegisters.PageMask,
            MipsRegisters.PageGrain,
            MipsRegisters.Config,
            MipsRegisters.Status,
        ],
        DecodeRegister = (value, _) => MipsSegments.Unmapped(value) ?? value,

        // The usual shape; the one walked is what PWField and PWSize say.
        Levels = [new("PTE", 1, 12, 10, HasLeaves: true), new("GDE", 4, 22, 10, HasLeaves: true)],
        ExtraPageSizes = [MipsSegments.UnmappedSize, 1UL << MipsSegments.KusegShift],

        // C: the architecture fixes two of its values and leaves the others to the processor.
        CacheNames = ["C=0", "C=1", "uncached", "cached", "C=4", "C=5", "C=6", "C=7", "Config.K0"],
        Layouts = _ => MipsLayouts.Page,
        Reference = "MIPS Architecture for Programmers III: MIPS32 Privileged Resource Architecture (MD00090), chapter 4",
    };

    /// <summary>All of them.</summary>
    public static readonly PagingMode[] All = [Mips32];
}
