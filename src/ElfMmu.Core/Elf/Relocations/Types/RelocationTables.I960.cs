namespace ElfMmu.Elf.Relocations;

/// <content>Intel 80960.</content>
internal static partial class RelocationTables
{
    private const string I960 = """
        @R_960_ =0 NONE 12 32 IP24 SUB OPTCALL OPTCALLX OPTCALLXA
        """;
}
