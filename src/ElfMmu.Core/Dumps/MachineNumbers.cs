using ElfMmu.Elf;

namespace ElfMmu.Dumps;

/// <summary>Architectures and their numbers in ELF headers (e_machine).</summary>
internal static class MachineNumbers
{
    /// <summary>The architecture of a machine; Unknown for one that has no paging mode here.</summary>
    public static Architecture ArchitectureOf(ElfMachine machine) => machine switch
    {
        ElfMachine.I386 or ElfMachine.X86_64 => Architecture.X86,
        ElfMachine.Arm => Architecture.Arm,
        ElfMachine.AArch64 => Architecture.AArch64,
        ElfMachine.RiscV => Architecture.RiscV,
        ElfMachine.PowerPC or ElfMachine.PowerPC64 => Architecture.PowerPC,
        ElfMachine.Mips => Architecture.Mips,
        _ => Architecture.Unknown,
    };

    /// <summary>The machine of an architecture and a word size in bits; None for an architecture that isn't known.</summary>
    public static ElfMachine Of(Architecture architecture, int wordSize) => (architecture, wordSize) switch
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
    };
}
