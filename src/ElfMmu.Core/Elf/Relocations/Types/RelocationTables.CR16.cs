namespace ElfMmu.Elf.Relocations;

/// <content>National Semiconductor CompactRISC 16-bit processor.</content>
internal static partial class RelocationTables
{
    private const string CR16 = """
        @R_CR16_ =0 NONE NUM8 NUM16 NUM32 NUM32a REGREL4 REGREL4a REGREL14 REGREL14a REGREL16 REGREL20 REGREL20a ABS20 ABS24 IMM4 IMM8 IMM16
        IMM20 IMM24 IMM32 IMM32a DISP4 DISP8 DISP16 DISP24 DISP24a SWITCH8 SWITCH16 SWITCH32 GOT_REGREL20 GOTC_REGREL20 GLOB_DAT
        """;
}
