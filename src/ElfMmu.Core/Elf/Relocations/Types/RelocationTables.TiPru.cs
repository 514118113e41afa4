namespace ElfMmu.Elf.Relocations;

/// <content>TI PRU I/O processor.</content>
internal static partial class RelocationTables
{
    private const string TiPru = """
        @R_PRU_ =0 NONE =5 16_PMEM U16_PMEMIMM =8 BFD_RELOC_16 U16 32_PMEM BFD_RELOC_32 =14 S10_PCREL U8_PCREL =18 LDI32 =64 GNU_BFD_RELOC_8
        GNU_DIFF8 GNU_DIFF16 GNU_DIFF32 GNU_DIFF16_PMEM GNU_DIFF32_PMEM ILLEGAL
        """;
}
