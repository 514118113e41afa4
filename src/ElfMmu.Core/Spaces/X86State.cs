using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>What the control registers of an x86 processor say about paging.</summary>
/// <remarks>Intel SDM volume 3A, 5.1.1 "Four Paging Modes", and 2.5 "Control Registers".</remarks>
internal static class X86State
{
    private const ulong Cr0Paging = 1UL << 31;
    private const ulong Cr4PhysicalAddressExtension = 1 << 5;
    private const ulong Cr4Level5 = 1 << 12;
    private const ulong EferLongModeActive = 1 << 10;
    private const ulong SegmentLong = 1 << 21;

    public static readonly ProcessorState Row = new()
    {
        Architecture = Architecture.X86,
        Root = X86Registers.Cr3,
        Mode = Mode,
        Off = registers => registers["cr0"] is { } cr0 && (cr0 & Cr0Paging) == 0 ? "CR0.PG is 0" : null,
        TableOrder = _ => ByteOrder.Little,
        NestedMode = (root, _) => NestedMode(root),
    };

    private static PagingMode? Mode(RegisterSet registers, Machine machine)
    {
        if (registers["cr0"] is not { } cr0 || registers["cr4"] is not { } cr4 || (cr0 & Cr0Paging) == 0)
        {
            return null;
        }

        if ((cr4 & Cr4PhysicalAddressExtension) == 0)
        {
            return X86Modes.Ia32;
        }

        bool isLong = registers["efer"] is { } efer
            ? (efer & EferLongModeActive) != 0
            : machine.WordSize == 64 || (registers["cs.flags"] & SegmentLong) is > 0;
        return !isLong ? X86Modes.Pae : (cr4 & Cr4Level5) != 0 ? X86Modes.La57 : X86Modes.Ia32e;
    }

    /// <summary>
    /// An EPTP says how many levels there are, less one. A bare address is taken for four of EPT: nothing tells AMD's tables by it.
    /// </summary>
    private static PagingMode? NestedMode(ulong root) => (root & 0xfff) == 0 ? EptModes.Ept : ((root >> 3) & 7) switch
    {
        3 => EptModes.Ept,
        4 => EptModes.Ept5,
        _ => null,
    };
}
