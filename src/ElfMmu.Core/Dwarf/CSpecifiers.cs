namespace ElfMmu.Dwarf;

/// <summary>What stands before the names of a declaration.</summary>
internal sealed class CSpecifiers
{
    /// <summary>The type; null for void.</summary>
    public DwarfType? Type { get; set; }

    public bool IsTypedef { get; set; }

    public bool IsStatic { get; set; }

    public bool IsConst { get; set; }

    /// <summary>Whether a structure, union or enumeration without a tag was defined right here.</summary>
    public bool IsAnonymous { get; set; }

    public CAttributes Attributes { get; } = new();
}
