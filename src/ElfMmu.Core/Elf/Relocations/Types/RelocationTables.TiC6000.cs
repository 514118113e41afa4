namespace ElfMmu.Elf.Relocations;

/// <content>Texas Instruments TMS320C6000 DSP family.</content>
internal static partial class RelocationTables
{
    private const string TiC6000 = """
        @R_C6000_ =0 NONE ABS32 ABS16 ABS8 PCR_S21 PCR_S12 PCR_S10 PCR_S7 ABS_S16 ABS_L16 ABS_H16 SBR_U15_B SBR_U15_H SBR_U15_W SBR_S16
        SBR_L16_B SBR_L16_H SBR_L16_W SBR_H16_B SBR_H16_H SBR_H16_W SBR_GOT_U15_W SBR_GOT_L16_W SBR_GOT_H16_W DSBT_INDEX PREL31 COPY
        JUMP_SLOT EHTYPE PCR_H16 PCR_L16 =253 ALIGN FPHEAD NOCMP
        """;
}
