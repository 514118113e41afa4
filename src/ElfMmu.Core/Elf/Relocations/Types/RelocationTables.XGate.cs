namespace ElfMmu.Elf.Relocations;

/// <content>Motorola XGATE embedded processor.</content>
internal static partial class RelocationTables
{
    private const string XGate = """
        @R_XGATE_ =0 NONE 8 PCREL_8 16 32 PCREL_16 GNU_VTINHERIT GNU_VTENTRY 24 LO16 GPAGE PCREL_9 PCREL_10 IMM8_LO IMM8_HI IMM3 IMM4 IMM5
        RL_JUMP RL_GROUP
        """;
}
