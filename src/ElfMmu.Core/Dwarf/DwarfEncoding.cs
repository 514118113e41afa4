namespace ElfMmu.Dwarf;

/// <summary>What the bits of a base type mean: DW_ATE_* (DWARF 5, 7.8).</summary>
public enum DwarfEncoding : byte
{
    /// <summary>An address (DW_ATE_address).</summary>
    Address = 1,

    /// <summary>Zero for no, anything else for yes (DW_ATE_boolean).</summary>
    Boolean = 2,

    /// <summary>Two floating-point numbers (DW_ATE_complex_float).</summary>
    ComplexFloat = 3,

    /// <summary>A floating-point number (DW_ATE_float).</summary>
    Float = 4,

    /// <summary>A whole number in two's complement (DW_ATE_signed).</summary>
    Signed = 5,

    /// <summary>A character that is a signed number (DW_ATE_signed_char).</summary>
    SignedChar = 6,

    /// <summary>A whole number without a sign (DW_ATE_unsigned).</summary>
    Unsigned = 7,

    /// <summary>A character that is a number without a sign (DW_ATE_unsigned_char).</summary>
    UnsignedChar = 8,

    /// <summary>A unit of UTF-8, UTF-16 or UTF-32 (DW_ATE_UTF).</summary>
    Utf = 0x10,
}
