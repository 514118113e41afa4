namespace ElfMmu.Elf.Relocations;

/// <content>IBM System/370.</content>
internal static partial class RelocationTables
{
    private const string S370 = """
        @R_I370_ =0 NONE ADDR31 ADDR32 ADDR16 REL31 REL32 ADDR12 REL12 ADDR8 REL8 COPY RELATIVE
        """;
}
