namespace ElfMmu.Elf.Relocations;

/// <content>picoJava.</content>
internal static partial class RelocationTables
{
    private const string PicoJava = """
        @R_PJ_ =0 NONE DATA_DIR32 CODE_REL32 CODE_REL16 =6 CODE_DIR32 CODE_DIR16 =13 CODE_LO16 CODE_HI16 GNU_VTINHERIT GNU_VTENTRY
        """;
}
