namespace ElfMmu.Elf.Relocations;

/// <content>MSP430 as GNU binutils numbered it before it was registered, without the types of MSP430X.</content>
internal static partial class RelocationTables
{
    private const string Msp430Old = """
        @R_MSP430_ =0 NONE 32 10_PCREL 16 16_PCREL 16_BYTE 16_PCREL_BYTE 2X_PCREL RL_PCREL 8 SYM_DIFF GNU_SET_ULEB128 GNU_SUB_ULEB128
        """;
}
