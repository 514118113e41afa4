namespace ElfMmu.Elf.Relocations;

/// <content>Toshiba MeP Media Engine.</content>
internal static partial class RelocationTables
{
    private const string CygnusMep = """
        @R_MEP_ =0 NONE @ R_RELC @R_MEP_ 8 16 32 PCREL8A2 PCREL12A2 PCREL17A2 PCREL24A2 PCABS24A2 LOW16 HI16U HI16S GPREL TPREL TPREL7
        TPREL7A2 TPREL7A4 UIMM24 ADDR24A4 GNU_VTINHERIT GNU_VTENTRY
        """;
}
