using ElfMmu.Elf;
using ElfMmu.Paging;

namespace ElfMmu.Export;

/// <summary>What kind of ELF file a core is.</summary>
/// <param name="Class">32 or 64 bit.</param>
/// <param name="Data">The byte order.</param>
/// <param name="Machine">e_machine.</param>
internal readonly record struct CoreTarget(ElfClass Class, ElfData Data, ElfMachine Machine)
{
    /// <summary>The target for a mode; a program of 32 bits gets the machine's 32-bit number whatever the class.</summary>
    public static CoreTarget For(PagingMode mode, ByteOrder order, ElfClass elfClass) => new(
        elfClass,
        order == ByteOrder.Big ? ElfData.BigEndian : ElfData.LittleEndian,
        (mode.Architecture, mode.WordSize) switch
        {
            (Architecture.X86, 64) => ElfMachine.X86_64,
            (Architecture.X86, _) => ElfMachine.I386,
            (Architecture.Arm, _) => ElfMachine.Arm,
            (Architecture.AArch64, _) => ElfMachine.AArch64,
            (Architecture.RiscV, _) => ElfMachine.RiscV,
            (Architecture.PowerPC, 64) => ElfMachine.PowerPC64,
            (Architecture.PowerPC, _) => ElfMachine.PowerPC,
            (Architecture.Mips, _) => ElfMachine.Mips,
            _ => ElfMachine.None,
        });
}
