namespace ElfMmu.Elf.Relocations;

/// <content>Renesas M32c.</content>
internal static partial class RelocationTables
{
    private const string M32C = """
        @R_M32C_ =0 NONE 16 24 32 8_PCREL 16_PCREL 8 LO16 HI8 HI16 RL_JUMP RL_1ADDR RL_2ADDR
        """;
}
