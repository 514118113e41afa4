namespace ElfMmu.Elf.Relocations;

/// <content>Sanyo XStormy16 CPU core.</content>
internal static partial class RelocationTables
{
    private const string XStormy16 = """
        @R_XSTORMY16_ =0 NONE 32 16 8 PC32 PC16 PC8 REL_12 24 FPTR16 LO16 HI16 12 =128 GNU_VTINHERIT GNU_VTENTRY
        """;
}
