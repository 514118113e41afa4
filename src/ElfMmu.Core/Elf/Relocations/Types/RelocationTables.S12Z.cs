namespace ElfMmu.Elf.Relocations;

/// <content>Freescale S12Z.</content>
internal static partial class RelocationTables
{
    private const string S12Z = """
        @R_S12Z_ =0 NONE OPR UKNWN_2 PCREL_7_15 EXT24 EXT18 CW32 EXT32
        """;
}
