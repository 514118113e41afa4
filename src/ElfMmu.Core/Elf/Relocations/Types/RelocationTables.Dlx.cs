namespace ElfMmu.Elf.Relocations;

/// <content>OpenDLX.</content>
internal static partial class RelocationTables
{
    private const string Dlx = """
        @R_DLX_ =0 NONE RELOC_8 RELOC_16 RELOC_32 GNU_VTINHERIT GNU_VTENTRY RELOC_16_HI RELOC_16_LO RELOC_16_PCREL RELOC_26_PCREL
        """;
}
