namespace ElfMmu.Dwarf;

/// <summary>What an entry is: DW_TAG_* (DWARF 5, 7.5.3).</summary>
internal enum DwTag
{
    ArrayType = 0x01,
    EnumerationType = 0x04,
    FormalParameter = 0x05,
    Member = 0x0d,
    PointerType = 0x0f,
    CompileUnit = 0x11,
    StructureType = 0x13,
    SubroutineType = 0x15,
    Typedef = 0x16,
    UnionType = 0x17,
    UnspecifiedParameters = 0x18,
    SubrangeType = 0x21,
    BaseType = 0x24,
    ConstType = 0x26,
    Enumerator = 0x28,
    Subprogram = 0x2e,
    Variable = 0x34,
    VolatileType = 0x35,
    RestrictType = 0x37,
}
