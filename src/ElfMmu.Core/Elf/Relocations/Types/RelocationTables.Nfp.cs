namespace ElfMmu.Elf.Relocations;

/// <content>Netronome Flow Processor.</content>
internal static partial class RelocationTables
{
    private const string Nfp = """
        @R_NFP_ =0 NOTYPE W32LE SRC8_A SRC8_B IMMED8_I SC IMMED_LO16_I_A IMMED_LO16_I_B SRC7_B SRC7_A SRC8_I_B SRC8_I_A IMMED_HI16_I_A
        IMMED_HI16_I_B W64LE SH_INFO W32BE W64BE W32_29_24 W32LE_AND W32BE_AND W32LE_OR W32BE_OR W64LE_AND W64BE_AND W64LE_OR W64BE_OR
        """;
}
