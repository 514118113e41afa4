namespace ElfMmu.Elf.Relocations;

/// <content>mn10200.</content>
internal static partial class RelocationTables
{
    private const string MN10200 = """
        @R_MN10200_ =0 NONE 32 16 8 24 PCREL8 PCREL16 PCREL24
        """;
}
