namespace ElfMmu.Dwarf;

/// <summary>How what is said is stored: DW_FORM_* (DWARF 5, 7.5.6).</summary>
internal enum DwForm
{
    Address = 0x01,
    Data2 = 0x05,
    Data4 = 0x06,
    Data8 = 0x07,
    Data1 = 0x0b,
    SignedData = 0x0d,
    StringPointer = 0x0e,
    UnsignedData = 0x0f,
    Reference4 = 0x13,
    SectionOffset = 0x17,
    ExpressionLocation = 0x18,
    FlagPresent = 0x19,
    LineStringPointer = 0x1f,
}
