namespace ElfMmu.Elf.Relocations;

/// <content>FTDI Chip FT32.</content>
internal static partial class RelocationTables
{
    private const string FT32 = """
        @R_FT32_ =0 NONE 32 16 8 10 20 17 18 RELAX SC0 SC1 15 DIFF32
        """;
}
