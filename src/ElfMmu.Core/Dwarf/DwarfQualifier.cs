namespace ElfMmu.Dwarf;

/// <summary>What a qualified type adds.</summary>
public enum DwarfQualifier
{
    /// <summary>const (DW_TAG_const_type).</summary>
    Const,

    /// <summary>volatile (DW_TAG_volatile_type).</summary>
    Volatile,

    /// <summary>restrict (DW_TAG_restrict_type).</summary>
    Restrict,
}
