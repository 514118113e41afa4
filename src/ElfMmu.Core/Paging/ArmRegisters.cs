namespace ElfMmu.Paging;

/// <summary>The system registers of 32-bit ARM processors that paging depends on.</summary>
/// <remarks>Arm ARM DDI 0406C, B4.1, the descriptions of these registers.</remarks>
internal static class ArmRegisters
{
    public static readonly PagingRegister Ttbr0 = new("TTBR0", "the top table of the lower part");
    public static readonly PagingRegister Ttbr1 = new("TTBR1", "the top table of the upper part");
    public static readonly PagingRegister Ttbcr = new("TTBCR", "EAE: the mode; where the two parts end and begin");
    public static readonly PagingRegister Dacr = new("DACR", "what the domains may do");
    public static readonly PagingRegister Sctlr = new("SCTLR", "AFE, WXN, UWXN: how rights are read; EE: byte order");
    public static readonly PagingRegister Mair0 = new("MAIR0", "what the memory types Attr0 to Attr3 are");
    public static readonly PagingRegister Mair1 = new("MAIR1", "what the memory types Attr4 to Attr7 are");

    /// <summary>SCTLR.M: whether addresses are translated.</summary>
    public static bool? IsOn(RegisterSet registers) => Sctlr.Bit(registers, 0);

    /// <summary>SCTLR.WXN: what can be written isn't executed.</summary>
    public static bool? WriteNeverExecute(RegisterSet registers) => Sctlr.Bit(registers, 19);

    /// <summary>SCTLR.UWXN: what PL0 can write isn't executed by PL1.</summary>
    public static bool? UserWriteNeverExecute(RegisterSet registers) => Sctlr.Bit(registers, 20);

    /// <summary>SCTLR.EE: the order of bytes in the tables.</summary>
    public static ByteOrder? TableOrder(RegisterSet registers) => Sctlr.OrderBit(registers, 25);

    /// <summary>SCTLR.AFE: whether AP[0] of short descriptors is an access flag.</summary>
    public static bool? HasAccessFlag(RegisterSet registers) => Sctlr.Bit(registers, 29);

    /// <summary>TTBCR.EAE: whether descriptors are long ones.</summary>
    public static bool? HasLongDescriptors(RegisterSet registers) => Ttbcr.Bit(registers, 31);

    /// <summary>TTBCR, or 0 where it isn't known: all addresses belong to TTBR0.</summary>
    /// <param name="options">The processor's state.</param>
    /// <param name="isLong">Whether it is asked for long descriptors.</param>
    /// <exception cref="ElfMmuException"><c>ModeConflict</c>: it is for descriptors of the other kind.</exception>
    public static ulong Control(PagingOptions options, bool isLong)
    {
        if (HasLongDescriptors(options.Registers) == !isLong)
        {
            (string kind, string other) = isLong ? ("arm-lpae", "arm-short") : ("arm-short", "arm-lpae");
            throw new ElfMmuException(
                "ModeConflict",
                ErrorKind.InvalidArgument,
                $"Mode {kind} is for tables of {(isLong ? "long" : "short")} descriptors, but TTBCR "
                + $"(0x{Ttbcr.In(options.Registers):x}) has EAE {(isLong ? 0 : 1)}, which stands for the others. Give mode {other}, "
                + "or the TTBCR that these tables are for.");
        }

        return Ttbcr.In(options.Registers) ?? 0;
    }
}
