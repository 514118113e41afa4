namespace ElfMmu.Elf.Relocations;

/// <content>Fujitsu FR30.</content>
internal static partial class RelocationTables
{
    private const string FR30 = """
        @R_FR30_ =0 NONE 8 20 32 48 6_IN_4 8_IN_8 9_IN_8 10_IN_8 9_PCREL 12_PCREL GNU_VTINHERIT GNU_VTENTRY
        """;
}
