namespace ElfMmu.Dwarf;

/// <summary>
/// A type. Types are compared by identity: one object becomes one entry, however many things refer to it, and types may refer to each
/// other in circles. Where a type may be null, null is <c>void</c>.
/// </summary>
public abstract class DwarfType
{
    private protected DwarfType(string? name) => Name = name;

    /// <summary>The name without <c>struct</c>, <c>union</c> or <c>enum</c>; null for a type without one.</summary>
    public string? Name { get; }

    /// <summary>The type as C text for messages and lists: <c>struct list_head *</c>, <c>char [16]</c>. Long ones are cut.</summary>
    public sealed override string ToString() => DwarfTypeText.Of(this);
}
