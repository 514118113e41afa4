namespace ElfMmu.Paging;

/// <summary>The system registers of AArch64 that paging depends on.</summary>
/// <remarks>Arm ARM DDI 0487, the descriptions of these registers.</remarks>
internal static class AArch64Registers
{
    public static readonly PagingRegister Ttbr0 = new("TTBR0_EL1", "the top table of the lower half", "ttbr0");
    public static readonly PagingRegister Ttbr1 = new("TTBR1_EL1", "the top table of the upper half", "ttbr1");
    public static readonly PagingRegister Tcr = new("TCR_EL1", "sizes of the halves, granules, address size", "tcr");
    public static readonly PagingRegister Sctlr = new("SCTLR_EL1", "WXN: no execution of what can be written; EE: byte order", "sctlr");
    public static readonly PagingRegister Mair = new("MAIR_EL1", "what the memory types Attr0 to Attr7 are", "mair");
    public static readonly PagingRegister Vttbr = new("VTTBR_EL2", "the top table of a guest's physical addresses", "vttbr");
    public static readonly PagingRegister Vtcr = new("VTCR_EL2", "size of the guest's addresses, granule, level to start at", "vtcr");

    private static readonly int[] Sizes = [32, 36, 40, 42, 44, 48, 52, 52];

    /// <summary>SCTLR_EL1.M: whether EL1 and EL0 translate addresses.</summary>
    public static bool? IsOn(RegisterSet registers) => Sctlr.Bit(registers, 0);

    /// <summary>SCTLR_EL1.EE: the order of bytes in the tables.</summary>
    public static ByteOrder? TableOrder(RegisterSet registers) => Sctlr.OrderBit(registers, 25);

    /// <summary>SCTLR_EL1.WXN.</summary>
    public static bool? WriteNeverExecute(RegisterSet registers) => Sctlr.Bit(registers, 19);

    /// <summary>
    /// The size of output addresses: the one chosen (the IPS or PS field), but no more than descriptors can hold and the processor
    /// has.
    /// </summary>
    /// <param name="field">The field; null when the register isn't known.</param>
    /// <param name="wide">Whether descriptors hold 52 bits.</param>
    /// <param name="options">The processor's state.</param>
    public static int OutputBits(ulong? field, bool wide, PagingOptions options) =>
        Math.Min(EffectiveBits(field, options), wide ? 52 : 48);

    /// <summary>
    /// Whether descriptors hold addresses of 52 bits: with 64K when that size is chosen and the processor has it, with the others
    /// when DS is set.
    /// </summary>
    public static bool IsWide(ArmGranule granule, ulong field, bool ds, PagingOptions options) =>
        granule == ArmGranule.Size64K ? EffectiveBits(field, options) == 52 : ds;

    /// <summary>How many bits an input address has: 64 less the TxSZ field, brought into what the granule allows.</summary>
    public static int InputBits(ArmGranule granule, ulong field, bool ds)
    {
        int least = ds || granule == ArmGranule.Size64K ? 12 : 16;
        int most = granule == ArmGranule.Size64K ? 47 : 48;
        return 64 - Math.Clamp((int)(field & 63), least, most);
    }

    /// <summary>The error of a granule that isn't the mode's.</summary>
    /// <param name="register">The register that says so.</param>
    /// <param name="value">Its value.</param>
    /// <param name="said">The granule it says.</param>
    /// <param name="named">The mode's granule.</param>
    /// <param name="prefix">What stands before the granule in the names of modes.</param>
    public static ElfMmuException Conflict(
        PagingRegister register, ulong value, ArmGranule said, ArmGranule named, string prefix) => new(
        "ModeConflict",
        ErrorKind.InvalidArgument,
        $"Mode {prefix}{named.Name} is for tables with a granule of {named.Name}, but {register} (0x{value:x}) says {said.Name}. "
        + $"Give mode {prefix}{said.Name}, or the {register} that these tables are for.");

    private static int EffectiveBits(ulong? field, PagingOptions options) =>
        Math.Min(field is { } size ? Sizes[size & 7] : 52, Math.Clamp(options.PhysicalAddressBits ?? 52, 32, 52));
}
