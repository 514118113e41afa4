using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>What the system registers of an AArch64 processor say about paging at EL1 and EL0, and about a guest's stage 2.</summary>
/// <remarks>Arm ARM DDI 0487, the descriptions of SCTLR_EL1, TCR_EL1 and VTCR_EL2.</remarks>
internal static class AArch64State
{
    public static readonly ProcessorState Row = new()
    {
        Architecture = Architecture.AArch64,
        Root = AArch64Registers.Ttbr0,
        Control = AArch64Registers.Tcr,
        Mode = Mode,
        Off = registers => AArch64Registers.IsOn(registers) == false ? "SCTLR_EL1.M is 0" : null,
        TableOrder = AArch64Registers.TableOrder,
        NestedMode = (_, registers) => AArch64Registers.Vtcr.In(registers) is { } vtcr
            ? AArch64Modes.Of(ArmGranule.FromTg0(vtcr), nested: true)
            : null,
    };

    private static PagingMode? Mode(RegisterSet registers, Machine machine) =>
        AArch64Registers.Tcr.In(registers) is { } tcr && AArch64Registers.IsOn(registers) != false
            ? AArch64Modes.Of(ArmGranule.FromTg0(tcr))
            : null;
}
