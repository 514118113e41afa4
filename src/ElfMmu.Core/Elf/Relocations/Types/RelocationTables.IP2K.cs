namespace ElfMmu.Elf.Relocations;

/// <content>Ubicom IP2xxx 8-bit microcontrollers.</content>
internal static partial class RelocationTables
{
    private const string IP2K = """
        @R_IP2K_ =0 NONE 16 32 FR9 BANK ADDR16CJP PAGE3 LO8DATA HI8DATA LO8INSN HI8INSN PC_SKIP TEXT FR_OFFSET EX8DATA
        """;
}
