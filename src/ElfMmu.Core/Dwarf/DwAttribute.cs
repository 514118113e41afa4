namespace ElfMmu.Dwarf;

/// <summary>What is said of an entry: DW_AT_* (DWARF 5, 7.5.4).</summary>
internal enum DwAttribute
{
    Location = 0x02,
    Name = 0x03,
    ByteSize = 0x0b,
    StatementList = 0x10,
    LowPc = 0x11,
    HighPc = 0x12,
    Language = 0x13,
    CompilationDirectory = 0x1b,
    ConstValue = 0x1c,
    BitSize = 0x0d,
    Producer = 0x25,
    Prototyped = 0x27,
    UpperBound = 0x2f,
    Count = 0x37,
    DataMemberLocation = 0x38,
    DeclarationFile = 0x3a,
    DeclarationLine = 0x3b,
    Declaration = 0x3c,
    Encoding = 0x3e,
    External = 0x3f,
    FrameBase = 0x40,
    Type = 0x49,
    Ranges = 0x55,
    DataBitOffset = 0x6b,
    Alignment = 0x88,
}
