namespace ElfMmu.Elf.Relocations;

/// <content>d10v.</content>
internal static partial class RelocationTables
{
    private const string D10V = """
        @R_D10V_ =0 NONE 10_PCREL_R 10_PCREL_L 16 18 18_PCREL 32 GNU_VTINHERIT GNU_VTENTRY
        """;
}
