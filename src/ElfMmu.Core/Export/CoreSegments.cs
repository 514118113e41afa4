using ElfMmu.Elf;
using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Export;

/// <summary>
/// Gathers the segments of a core from mappings in any order. Neighbours that continue each other become one as they come, so
/// memory is O(segments) and not O(pages).
/// </summary>
public sealed class CoreSegments
{
    private readonly List<CoreSegment> _segments = [];
    private readonly MappingFilter _filter;
    private bool _sorted = true;

    /// <summary>Makes an empty collection.</summary>
    /// <param name="filter">Which mappings are taken, and at which privilege their rights become the segments' flags.</param>
    public CoreSegments(MappingFilter filter) => _filter = filter;

    /// <summary>How many mappings were left out because they aren't RAM: the dump has no bytes for them.</summary>
    public ulong LeftOut { get; private set; }

    /// <summary>The filter.</summary>
    public MappingFilter Filter => _filter;

    /// <summary>Takes a mapping, if the filter lets it pass and it is RAM. Amortised O(1).</summary>
    public void Add(in Mapping mapping)
    {
        if (!_filter.Accepts(mapping.Attributes))
        {
            return;
        }

        if (mapping.Kind != RegionKind.Ram)
        {
            LeftOut++;
            return;
        }

        Add(new CoreSegment(
            mapping.VirtualAddress,
            mapping.PhysicalAddress,
            mapping.Size,
            (ElfSegmentFlags)(uint)_filter.RightsOf(mapping.Attributes)));
    }

    /// <summary>The segments in ascending order, each as long as possible. O(n), or O(n log n) if they came in disorder.</summary>
    /// <exception cref="ElfMmuException"><c>MappingConflict</c>: two mappings say different things of one virtual address.</exception>
    internal CoreSegment[] ToSortedArray()
    {
        if (_sorted)
        {
            return [.. _segments];
        }

        CoreSegment[] unsorted = [.. _segments];
        ulong[] keys = Array.ConvertAll(unsorted, s => s.VirtualAddress);
        Array.Sort(keys, unsorted);
        _segments.Clear();
        _sorted = true;
        foreach (CoreSegment segment in unsorted)
        {
            Append(segment);
        }

        return [.. _segments];
    }

    private void Add(in CoreSegment segment)
    {
        if (_segments.Count > 0 && _segments[^1] is var last && segment.VirtualAddress <= last.LastAddress)
        {
            _sorted = false;
        }

        if (_sorted)
        {
            Append(segment);
        }
        else
        {
            _segments.Add(segment);
        }
    }

    /// <summary>Takes a segment that doesn't start before the last one.</summary>
    private void Append(in CoreSegment segment)
    {
        if (_segments.Count == 0)
        {
            _segments.Add(segment);
            return;
        }

        CoreSegment last = _segments[^1];
        if (last.ContinuesIn(segment))
        {
            _segments[^1] = last with { Size = last.Size + segment.Size };
        }
        else if (segment.VirtualAddress > last.LastAddress)
        {
            _segments.Add(segment);
        }
        else
        {
            Overlay(last, segment);
        }
    }

    /// <summary>The same mapping twice, or a part of it, is no conflict.</summary>
    private void Overlay(in CoreSegment last, in CoreSegment segment)
    {
        if (segment.PhysicalAddress - last.PhysicalAddress != segment.VirtualAddress - last.VirtualAddress
            || segment.Flags != last.Flags)
        {
            throw new ElfMmuException(
                "MappingConflict",
                ErrorKind.InvalidArgument,
                $"Two mappings say different things of virtual 0x{segment.VirtualAddress:x}: physical 0x{segment.PhysicalAddress:x} and "
                + $"0x{last.PhysicalAddress + (segment.VirtualAddress - last.VirtualAddress):x}, or different rights. A core holds one "
                + "address space; export them to different files.");
        }

        if (segment.LastAddress > last.LastAddress)
        {
            _segments[^1] = last with { Size = segment.LastAddress - last.VirtualAddress + 1 };
        }
    }
}
