namespace ElfMmu.Dwarf;

/// <summary>A type with const, volatile or restrict before it.</summary>
public sealed class DwarfQualifiedType : DwarfType
{
    /// <summary>Makes a qualified type.</summary>
    /// <param name="qualifier">What is added.</param>
    /// <param name="target">What it is added to; null for void.</param>
    public DwarfQualifiedType(DwarfQualifier qualifier, DwarfType? target)
        : base(null)
    {
        Qualifier = qualifier;
        Target = target;
    }

    /// <summary>What is added.</summary>
    public DwarfQualifier Qualifier { get; }

    /// <summary>What it is added to; null for void.</summary>
    public DwarfType? Target { get; }
}
