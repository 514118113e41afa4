namespace ElfMmu.Dwarf;

/// <summary>The language of a unit: DW_LANG_* (DWARF 5, 7.12). Other numbers of the standard may be used as well.</summary>
public enum DwarfLanguage : ushort
{
    /// <summary>C of 1989 (DW_LANG_C89).</summary>
    C89 = 0x0001,

    /// <summary>C++ of 1998 (DW_LANG_C_plus_plus).</summary>
    CPlusPlus = 0x0004,

    /// <summary>C of 1999 (DW_LANG_C99).</summary>
    C99 = 0x000c,

    /// <summary>Rust (DW_LANG_Rust).</summary>
    Rust = 0x001c,

    /// <summary>C of 2011 (DW_LANG_C11); DWARF 4 has no number for it and gets C99.</summary>
    C11 = 0x001d,

    /// <summary>Assembler (DW_LANG_Mips_Assembler).</summary>
    Assembler = 0x8001,
}
