namespace ElfMmu.Elf.Relocations;

/// <content>d30v.</content>
internal static partial class RelocationTables
{
    private const string D30V = """
        @R_D30V_ =0 NONE 6 9_PCREL 9_PCREL_R 15 15_PCREL 15_PCREL_R 21 21_PCREL 21_PCREL_R 32 32_PCREL 32_NORMAL
        """;
}
