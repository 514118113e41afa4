namespace ElfMmu.Paging;

/// <summary>The fixed segments of 32-bit MIPS addresses.</summary>
/// <remarks>
/// MIPS Architecture for Programmers III: MIPS32 Privileged Resource Architecture, chapter 4 "Virtual Memory". Segments that
/// SegCtl0 to SegCtl2 rearrange (EVA) aren't followed.
/// </remarks>
internal static class MipsSegments
{
    public const ulong KusegLast = 0x7fff_ffff;
    public const ulong Kseg0 = 0x8000_0000;
    public const ulong Kseg1 = 0xa000_0000;
    public const ulong Kseg2 = 0xc000_0000;
    public const ulong Last = 0xffff_ffff;
    public const int UnmappedShift = 29;
    public const ulong UnmappedSize = 1UL << UnmappedShift;
    public const int KusegShift = 31;

    /// <summary>The physical address of an address in kseg0 or kseg1; null for one elsewhere.</summary>
    public static ulong? Unmapped(ulong address) =>
        (uint)address is >= (uint)Kseg0 and < (uint)Kseg2 and var low ? low & (UnmappedSize - 1) : null;
}
