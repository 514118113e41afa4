namespace ElfMmu.Dwarf;

/// <summary>What kind of type with members it is.</summary>
public enum DwarfStructKind
{
    /// <summary>A structure (DW_TAG_structure_type).</summary>
    Struct,

    /// <summary>A union (DW_TAG_union_type).</summary>
    Union,
}
