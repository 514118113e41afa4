namespace ElfMmu.Elf.Relocations;

/// <content>National Semiconductor CRX microprocessor.</content>
internal static partial class RelocationTables
{
    private const string Crx = """
        @R_CRX_ =0 NONE REL4 REL8 REL8_CMP REL16 REL24 REL32 REGREL12 REGREL22 REGREL28 REGREL32 ABS16 ABS32 NUM8 NUM16 NUM32 IMM16 IMM32
        SWITCH8 SWITCH16 SWITCH32
        """;
}
