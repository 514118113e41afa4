namespace ElfMmu.Dwarf;

/// <summary>An enumeration.</summary>
public sealed class DwarfEnumType : DwarfType
{
    /// <summary>Makes an enumeration.</summary>
    /// <param name="name">Its name; null for one without.</param>
    /// <param name="size">Its size in bytes; null while it is only declared.</param>
    public DwarfEnumType(string? name, ulong? size = null)
        : base(name) => Size = size;

    /// <summary>The size in bytes; null while it is only declared.</summary>
    public ulong? Size { get; set; }

    /// <summary>The integer its values are kept as; null if nobody says.</summary>
    public DwarfType? Underlying { get; set; }

    /// <summary>The values.</summary>
    public List<DwarfEnumerator> Enumerators { get; } = [];
}
