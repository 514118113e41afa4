namespace ElfMmu.Elf.Relocations;

/// <content>Zilog Z80.</content>
internal static partial class RelocationTables
{
    private const string Z80 = """
        @R_Z80_ =0 NONE 8 8_DIS 8_PCREL 16 24 32 BYTE0 BYTE1 BYTE2 BYTE3 WORD0 WORD1 16_BE
        """;
}
