namespace ElfMmu.Elf.Relocations;

/// <content>Digital VAX.</content>
internal static partial class RelocationTables
{
    private const string Vax = """
        @R_VAX_ =0 NONE 32 16 8 PC32 PC16 PC8 GOT32 =13 PLT32 =19 COPY GLOB_DAT JMP_SLOT RELATIVE GNU_VTINHERIT GNU_VTENTRY
        """;
}
