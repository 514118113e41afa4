namespace ElfMmu.Elf.Relocations;

/// <content>MCORE.</content>
internal static partial class RelocationTables
{
    private const string MCore = """
        @R_MCORE_ =0 NONE ADDR32 PCRELIMM8BY4 PCRELIMM11BY2 PCRELIMM4BY2 PCREL32 PCRELJSR_IMM11BY2 GNU_VTINHERIT GNU_VTENTRY RELATIVE COPY
        GLOB_DAT JUMP_SLOT
        """;
}
