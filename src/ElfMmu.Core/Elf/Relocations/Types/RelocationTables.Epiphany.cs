namespace ElfMmu.Elf.Relocations;

/// <content>Adapteva EPIPHANY.</content>
internal static partial class RelocationTables
{
    private const string Epiphany = """
        @R_EPIPHANY_ =0 NONE 8 16 32 8_PCREL 16_PCREL 32_PCREL SIMM8 SIMM24 HIGH LOW SIMM11 IMM11 IMM8
        """;
}
