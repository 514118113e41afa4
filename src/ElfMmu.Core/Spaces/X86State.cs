using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>What the control registers of an x86 processor say about paging.</summary>
/// <remarks>Intel SDM volume 3A, 5.1.1 "Four Paging Modes", and 2.5 "Control Registers".</remarks>
internal static class X86State
{
    private const ulong Cr0Paging = 1UL << 31;
    private const ulong Cr4PageSizeExtensions = 1 << 4;
    private const ulong Cr4PhysicalAddressExtension = 1 << 5;
    private const ulong Cr4Level5 = 1 << 12;
    private const ulong EferLongModeActive = 1 << 10;
    private const ulong EferNoExecute = 1 << 11;
    private const ulong SegmentLong = 1 << 21;

    /// <summary>The mode a processor is in; null when its registers aren't there, or paging is off.</summary>
    public static PagingMode? Mode(Cpu cpu, Machine machine)
    {
        if (cpu["cr0"] is not { } cr0 || cpu["cr4"] is not { } cr4 || (cr0 & Cr0Paging) == 0)
        {
            return null;
        }

        if ((cr4 & Cr4PhysicalAddressExtension) == 0)
        {
            return X86Modes.Ia32;
        }

        bool isLong = cpu["efer"] is { } efer
            ? (efer & EferLongModeActive) != 0
            : machine.WordSize == 64 || (cpu["cs.flags"] & SegmentLong) is > 0;
        return !isLong ? X86Modes.Pae : (cr4 & Cr4Level5) != 0 ? X86Modes.La57 : X86Modes.Ia32e;
    }

    /// <summary>What of a processor's state changes how entries are read.</summary>
    public static PagingOptions Options(Cpu? cpu, Machine machine) => new()
    {
        PhysicalAddressBits = machine.PhysicalAddressBits,
        NoExecute = cpu?["efer"] is { } efer ? (efer & EferNoExecute) != 0 : null,
        PageSizeExtensions = cpu?["cr4"] is { } cr4 ? (cr4 & Cr4PageSizeExtensions) != 0 : null,
        IgnoredAddressBits = machine.EncryptionMask,
    };
}
