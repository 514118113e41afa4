namespace ElfMmu.Dwarf;

/// <summary>Another name of a type.</summary>
public sealed class DwarfTypedef : DwarfType
{
    /// <summary>Makes a typedef.</summary>
    /// <param name="name">The name.</param>
    /// <param name="target">What it names; null for void.</param>
    public DwarfTypedef(string name, DwarfType? target)
        : base(name) => Target = target;

    /// <summary>What it names; null for void.</summary>
    public DwarfType? Target { get; }
}
