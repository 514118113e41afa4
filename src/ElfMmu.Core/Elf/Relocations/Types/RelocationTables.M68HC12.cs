namespace ElfMmu.Elf.Relocations;

/// <content>Motorola MC68HC12 Microcontroller.</content>
internal static partial class RelocationTables
{
    private const string M68HC12 = """
        @R_M68HC11_ =0 NONE 8 HI8 LO8 PCREL_8 16 32 3B PCREL_16 GNU_VTINHERIT GNU_VTENTRY 24 LO16 PAGE @R_M68HC12_ =15 16B PCREL_9 PCREL_10
        HI8XG LO8XG @R_M68HC11_ RL_JUMP RL_GROUP
        """;
}
