namespace ElfMmu.Elf.Relocations;

/// <content>Lattice Mico32.</content>
internal static partial class RelocationTables
{
    private const string LatticeMico32 = """
        @R_LM32_ =0 NONE 8 16 32 HI16 LO16 GPREL16 CALL BRANCH GNU_VTINHERIT GNU_VTENTRY 16_GOT GOTOFF_HI16 GOTOFF_LO16 COPY GLOB_DAT
        JMP_SLOT RELATIVE
        """;
}
