using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>What the system registers of a 32-bit ARM processor say about paging at PL1 and PL0.</summary>
/// <remarks>Arm ARM DDI 0406C, B4.1, SCTLR and TTBCR.</remarks>
internal static class ArmState
{
    public static readonly ProcessorState Row = new()
    {
        Architecture = Architecture.Arm,
        Root = ArmRegisters.Ttbr0,
        Control = ArmRegisters.Ttbcr,
        Mode = Mode,
        Off = registers => ArmRegisters.IsOn(registers) == false ? "SCTLR.M is 0" : null,
        TableOrder = ArmRegisters.TableOrder,
    };

    private static PagingMode? Mode(RegisterSet registers, Machine machine) =>
        ArmRegisters.IsOn(registers) == false ? null : ArmRegisters.HasLongDescriptors(registers) switch
        {
            true => ArmModes.Lpae,
            false => ArmModes.Short,
            null => null,
        };
}
