namespace ElfMmu.Dwarf;

/// <summary>
/// A structure or union. Make it first and add its members then: so a member can point to the structure itself. One that is only
/// declared (<c>struct foo;</c>) has <see cref="Size"/> null.
/// </summary>
public sealed class DwarfStructType : DwarfType
{
    /// <summary>Makes a structure or union.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="name">Its name; null for one without.</param>
    /// <param name="size">Its size in bytes; null while it is only declared.</param>
    public DwarfStructType(DwarfStructKind kind, string? name, ulong? size = null)
        : base(name)
    {
        Kind = kind;
        Size = size;
    }

    /// <summary>Structure or union.</summary>
    public DwarfStructKind Kind { get; }

    /// <summary>The size in bytes; null while it is only declared.</summary>
    public ulong? Size { get; set; }

    /// <summary>The alignment in bytes where somebody asked for one; only DWARF 5 can say it.</summary>
    public ulong? Alignment { get; set; }

    /// <summary>The members.</summary>
    public List<DwarfMember> Members { get; } = [];
}
