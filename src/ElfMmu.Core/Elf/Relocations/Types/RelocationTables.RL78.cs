namespace ElfMmu.Elf.Relocations;

/// <content>Renesas RL78.</content>
internal static partial class RelocationTables
{
    private const string RL78 = """
        @R_RL78_ =0 NONE DIR32 DIR24S DIR16 DIR16U DIR16S DIR8 DIR8U DIR8S DIR24S_PCREL DIR16S_PCREL DIR8S_PCREL DIR16UL DIR16UW DIR8UL
        DIR8UW DIR32_REV DIR16_REV DIR3U_PCREL =45 RH_RELAX RH_SFR RH_SADDR =65 ABS32 ABS24S ABS16 ABS16U ABS16S ABS8 ABS8U ABS8S
        ABS24S_PCREL ABS16S_PCREL ABS8S_PCREL ABS16UL ABS16UW ABS8UL ABS8UW ABS32_REV ABS16_REV =128 SYM OPneg OPadd OPsub OPmul OPdiv
        OPshla OPshra OPsctsize =141 OPscttop =144 OPand OPor OPxor OPnot OPmod OPromtop OPramtop
        """;
}
