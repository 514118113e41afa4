namespace ElfMmu.Elf.Relocations;

/// <content>SPU.</content>
internal static partial class RelocationTables
{
    private const string Spu = """
        @R_SPU_ =0 NONE ADDR10 ADDR16 ADDR16_HI ADDR16_LO ADDR18 ADDR32 REL16 ADDR7 REL9 REL9I ADDR10I ADDR16I REL32 ADDR16X PPU32 PPU64
        ADD_PIC
        """;
}
