namespace ElfMmu.Dwarf;

/// <summary>The word before a tag in C.</summary>
internal enum DwarfTagKind
{
    Struct,
    Union,
    Enum,
}
