namespace ElfMmu.Dwarf;

/// <summary>An array of one or more dimensions.</summary>
public sealed class DwarfArrayType : DwarfType
{
    /// <summary>Makes an array.</summary>
    /// <param name="element">The type of its elements.</param>
    /// <param name="counts">How many there are, the outermost dimension first; null where that isn't known (<c>[]</c>).</param>
    /// <exception cref="ArgumentException">There is no dimension.</exception>
    public DwarfArrayType(DwarfType element, params IEnumerable<ulong?> counts)
        : base(null)
    {
        ArgumentNullException.ThrowIfNull(element);
        Element = element;
        Counts = [.. counts];
        if (Counts.Count == 0)
        {
            throw new ArgumentException("An array has at least one dimension.", nameof(counts));
        }
    }

    /// <summary>The type of the elements.</summary>
    public DwarfType Element { get; }

    /// <summary>How many there are in each dimension, the outermost first; null where that isn't known.</summary>
    public IReadOnlyList<ulong?> Counts { get; }
}
