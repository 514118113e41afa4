namespace ElfMmu.Elf.Relocations;

/// <content>SUNPLUS S+Core.</content>
internal static partial class RelocationTables
{
    private const string Score7 = """
        @R_SCORE_ =0 NONE HI16 LO16 BCMP 24 PC19 @R_SCORE16_ 11 PC8 @R_SCORE_ ABS32 ABS16 DUMMY2 GP15 GNU_VTINHERIT GNU_VTENTRY GOT15
        GOT_LO16 CALL15 GPREL32 REL32 DUMMY_HI16 IMM30 IMM32
        """;
}
