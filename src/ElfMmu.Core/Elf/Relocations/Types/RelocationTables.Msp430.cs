namespace ElfMmu.Elf.Relocations;

/// <content>Texas Instruments msp430 microcontroller.</content>
internal static partial class RelocationTables
{
    private const string Msp430 = """
        @R_MSP430_ =1 ABS32 ABS16 ABS8 PCR16 @R_MSP430X_ PCR20_EXT_SRC PCR20_EXT_DST PCR20_EXT_ODST ABS20_EXT_SRC ABS20_EXT_DST
        ABS20_EXT_ODST ABS20_ADR_SRC ABS20_ADR_DST PCR16 PCR20_CALL ABS16 @R_MSP430_ ABS_HI16 PREL31 EHTYPE @R_MSP430X_ 10_PCREL 2X_PCREL
        SYM_DIFF GNU_SET_ULEB128 GNU_SUB_ULEB128
        """;
}
