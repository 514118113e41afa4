using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>What the registers of a RISC-V processor say about paging.</summary>
/// <remarks>
/// RISC-V Privileged Architecture, "Supervisor Address Translation and Protection (satp) Register" and "Hypervisor Guest Address
/// Translation and Protection (hgatp) Register": both have MODE at the top, and the same values in it.
/// </remarks>
internal static class RiscVState
{
    private const ulong Mode32 = 1UL << 31;
    private const int ModeShift = 60;

    public static readonly ProcessorState Row = new()
    {
        Architecture = Architecture.RiscV,
        Root = RiscVRegisters.Satp,
        Mode = Mode,

        // Without a mode, all else in the register has to be 0 too.
        Off = registers => RiscVRegisters.Satp.In(registers) is 0 ? "satp.MODE is 0" : null,
        NestedMode = NestedMode,
    };

    private static PagingMode? Mode(RegisterSet registers, Machine machine)
    {
        if (RiscVRegisters.Satp.In(registers) is not { } satp || satp == 0)
        {
            return null;
        }

        if (machine.WordSize == 32)
        {
            return RiscVModes.Sv32;
        }

        // A table's address that takes the register's place has no mode; then the processors are asked, if they agree.
        return satp >> ModeShift != 0 ? Mode64(satp)
            : machine.Cpus.Select(c => Mode64(RiscVRegisters.Satp.In(c.Registers) ?? 0)).OfType<PagingMode>().Distinct().ToArray()
                is [var agreed] ? agreed
            : machine.WordSize == null && satp <= uint.MaxValue && (satp & Mode32) != 0 ? RiscVModes.Sv32
            : null;
    }

    private static PagingMode? Mode64(ulong satp) => (satp >> ModeShift) switch
    {
        8 => RiscVModes.Sv39,
        9 => RiscVModes.Sv48,
        10 => RiscVModes.Sv57,
        _ => null,
    };

    private static PagingMode? NestedMode(ulong root, RegisterSet registers) =>
        NestedMode(root) ?? (root >> ModeShift == 0 ? NestedMode(RiscVRegisters.Hgatp.In(registers) ?? 0) : null);

    // A number of 32 bits that ends in twelve zeros is more likely a table's address than a register.
    private static PagingMode? NestedMode(ulong hgatp) => (hgatp >> ModeShift) switch
    {
        8 => RiscVModes.Sv39x4,
        9 => RiscVModes.Sv48x4,
        10 => RiscVModes.Sv57x4,
        0 when hgatp <= uint.MaxValue && (hgatp & Mode32) != 0 && (hgatp & 0xfff) != 0 => RiscVModes.Sv32x4,
        _ => null,
    };
}
