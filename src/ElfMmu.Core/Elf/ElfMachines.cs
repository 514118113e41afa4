namespace ElfMmu.Elf;

/// <summary>What machines have in common that have several numbers.</summary>
internal static class ElfMachines
{
    /// <summary>Whether it is MIPS, by either number: the little-endian R3000 has had one of its own.</summary>
    public static bool IsMips(this ElfMachine machine) => machine is ElfMachine.Mips or ElfMachine.MipsRs3LittleEndian;
}
