namespace ElfMmu.Elf.Relocations;

/// <content>Moxie.</content>
internal static partial class RelocationTables
{
    private const string Moxie = """
        @R_MOXIE_ =0 NONE 32 PCREL10
        """;
}
