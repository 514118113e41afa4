using ElfMmu.Intervals;
using ElfMmu.Paging;

namespace ElfMmu.PowerShell.Commands;

/// <summary>What Compress-Interval carries along with each interval.</summary>
/// <param name="Count">How many of the input's intervals it holds.</param>
/// <param name="Attributes">A mapping's attributes; nothing for other intervals.</param>
internal readonly record struct IntervalTag(long Count, MappingAttributes Attributes);

/// <summary>Merges them.</summary>
internal readonly struct IntervalTagMerger : ITagMerger<IntervalTag>
{
    public IntervalTag Merge(in IntervalTag a, in IntervalTag b) =>
        new(a.Count + b.Count, a.Attributes.UnionOfPages(b.Attributes));
}
