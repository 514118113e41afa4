using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Paging;

namespace ElfMmu.Export;

/// <summary>What kind of ELF file a core is.</summary>
/// <param name="Class">32 or 64 bit.</param>
/// <param name="Data">The byte order.</param>
/// <param name="Machine">e_machine.</param>
internal readonly record struct CoreTarget(ElfClass Class, ElfData Data, ElfMachine Machine)
{
    /// <summary>
    /// e_flags. No dump says which ABI its programs follow; these are the usual ones, so that debuggers show registers and
    /// instructions as such programs use them: ARM EABI version 5; RISC-V with compressed instructions and doubles in registers;
    /// MIPS32 release 2 with the o32 ABI. The other machines have no flags.
    /// </summary>
    /// <remarks>
    /// ELF for the Arm Architecture, "ELF Header"; RISC-V psABI, "File Header"; for MIPS, EF_MIPS_ARCH_32R2 and E_MIPS_ABI_O32.
    /// </remarks>
    public uint Flags => Machine switch
    {
        ElfMachine.Arm => 0x0500_0000,
        ElfMachine.RiscV => 5,
        ElfMachine.Mips => 0x7000_1000,
        _ => 0,
    };

    /// <summary>The target for a mode; a program of 32 bits gets the machine's 32-bit number whatever the class.</summary>
    public static CoreTarget For(PagingMode mode, ByteOrder order, ElfClass elfClass) => new(
        elfClass,
        order == ByteOrder.Big ? ElfData.BigEndian : ElfData.LittleEndian,
        MachineNumbers.Of(mode.Architecture, mode.WordSize));
}
