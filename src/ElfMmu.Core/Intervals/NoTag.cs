namespace ElfMmu.Intervals;

/// <summary>The tag of intervals that carry nothing along, and its merger.</summary>
public readonly record struct NoTag : ITagMerger<NoTag>
{
    /// <inheritdoc/>
    public NoTag Merge(in NoTag a, in NoTag b) => default;
}
