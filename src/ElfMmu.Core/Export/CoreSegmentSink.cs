using ElfMmu.Paging;

namespace ElfMmu.Export;

/// <summary>Takes a walk's mappings into a core's segments.</summary>
public readonly struct CoreSegmentSink(CoreSegments segments) : IMappingSink
{
    /// <inheritdoc/>
    public bool Add(in Mapping mapping)
    {
        segments.Add(mapping);
        return true;
    }
}
