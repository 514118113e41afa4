using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>What the coprocessor 0 registers of a 32-bit MIPS processor say about paging.</summary>
/// <remarks>
/// MIPS Architecture for Programmers III: MIPS32 Privileged Resource Architecture. Paging can't be off; without the registers
/// of the page walker it is just not known where the tables are.
/// </remarks>
internal static class MipsState
{
    public static readonly ProcessorState Row = new()
    {
        Architecture = Architecture.Mips,
        Root = MipsRegisters.PwBase,
        Mode = (registers, machine) =>
            MipsRegisters.PwBase.In(registers) != null && machine.WordSize != 64 ? MipsModes.Mips32 : null,
        Off = _ => null,
        TableOrder = MipsRegisters.TableOrder,
    };
}
