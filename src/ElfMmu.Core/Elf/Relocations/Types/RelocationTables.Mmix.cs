namespace ElfMmu.Elf.Relocations;

/// <content>Donald Knuth's educational 64-bit processor.</content>
internal static partial class RelocationTables
{
    private const string Mmix = """
        @R_MMIX_ =0 NONE 8 16 24 32 64 PC_8 PC_16 PC_24 PC_32 PC_64 GNU_VTINHERIT GNU_VTENTRY GETA GETA_1 GETA_2 GETA_3 CBRANCH CBRANCH_J
        CBRANCH_1 CBRANCH_2 CBRANCH_3 PUSHJ PUSHJ_1 PUSHJ_2 PUSHJ_3 JMP JMP_1 JMP_2 JMP_3 ADDR19 ADDR27 REG_OR_BYTE REG BASE_PLUS_OFFSET
        LOCAL PUSHJ_STUBBABLE
        """;
}
