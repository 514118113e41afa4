namespace ElfMmu.Elf.Relocations;

/// <content>CDS VISIUMcore processor.</content>
internal static partial class RelocationTables
{
    private const string Visium = """
        @R_VISIUM_ =0 NONE 8 16 32 8_PCREL 16_PCREL 32_PCREL PC16 HI16 LO16 IM16 HI16_PCREL LO16_PCREL IM16_PCREL =200 GNU_VTINHERIT
        GNU_VTENTRY
        """;
}
