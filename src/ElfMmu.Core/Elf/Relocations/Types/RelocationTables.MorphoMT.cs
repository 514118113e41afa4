namespace ElfMmu.Elf.Relocations;

/// <content>Morpho Technologies MT processor.</content>
internal static partial class RelocationTables
{
    private const string MorphoMT = """
        @R_MT_ =0 NONE 16 32 32_PCREL PC16 HI16 LO16
        """;
}
