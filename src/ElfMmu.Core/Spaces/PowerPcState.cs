using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>What the registers of a 32-bit PowerPC processor say about paging.</summary>
/// <remarks>
/// The Programming Environments Manual for 32-Bit Microprocessors, 2.3. That MSR.IR or MSR.DR is 0 doesn't mean that paging is off:
/// every exception handler starts that way.
/// </remarks>
internal static class PowerPcState
{
    public static readonly ProcessorState Row = new()
    {
        Architecture = Architecture.PowerPC,
        Root = PowerPcRegisters.Sdr1,
        Mode = (registers, machine) =>
            PowerPcRegisters.Sdr1.In(registers) != null && machine.WordSize != 64 ? PowerPcModes.Ppc32 : null,
        Off = _ => null,
        TableOrder = _ => ByteOrder.Big,
    };
}
