namespace ElfMmu.Elf.Relocations;

/// <content>Vitesse IQ2000.</content>
internal static partial class RelocationTables
{
    private const string IQ2000 = """
        @R_IQ2000_ =0 NONE 16 32 26 PC16 HI16 LO16 OFFSET_16 OFFSET_21 UHI16 32_DEBUG =200 GNU_VTINHERIT GNU_VTENTRY
        """;
}
