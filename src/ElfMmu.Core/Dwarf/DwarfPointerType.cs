namespace ElfMmu.Dwarf;

/// <summary>A pointer.</summary>
public sealed class DwarfPointerType : DwarfType
{
    /// <summary>Makes a pointer.</summary>
    /// <param name="target">What it points to; null for void.</param>
    public DwarfPointerType(DwarfType? target)
        : base(null) => Target = target;

    /// <summary>What it points to; null for void.</summary>
    public DwarfType? Target { get; }

    /// <summary>The size in bytes; null for that of the target's addresses.</summary>
    public ulong? Size { get; init; }
}
