using System.Runtime.CompilerServices;
using ElfMmu.Memory;

namespace ElfMmu.Paging;

/// <summary>
/// Between a walk and its sink: fuses neighbouring leaves to runs, cuts them to the addresses wanted and to what stands behind
/// the physical addresses, and applies the filter. O(1) a leaf; the map is asked once a run.
/// </summary>
internal struct MappingEmitter<TSink>
    where TSink : struct, IMappingSink
{
    /// <summary>The sink, with whatever state it gathered.</summary>
    public TSink Sink;

    private readonly PhysicalMap _map;
    private readonly MappingFilter _filter;
    private readonly ulong _minimum;
    private readonly ulong _maximum;
    private readonly bool _perPage;
    private readonly bool _includeAbsent;
    private ulong _virtual;
    private ulong _size;
    private ulong _physical;
    private MappingAttributes _attributes;
    private int _hint;

    /// <summary>Makes an emitter.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="granule">The smallest page size in bytes; the limits of the request are rounded outwards to it.</param>
    /// <param name="sink">Where to the mappings go.</param>
    public MappingEmitter(WalkRequest request, ulong granule, ref TSink sink)
    {
        Sink = sink;
        _map = request.Map;
        _filter = request.Filter;
        _minimum = request.MinimumAddress & ~(granule - 1);
        _maximum = request.MaximumAddress | (granule - 1);
        _perPage = request.PerPage;
        _includeAbsent = request.IncludeAbsent;
    }

    /// <summary>
    /// Takes one leaf; leaves come ascending by virtual address. Even page by page, the leaves that make up one page are joined.
    /// </summary>
    /// <returns>False when the sink wants no more.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(ulong virtualAddress, ulong size, ulong physicalAddress, MappingAttributes attributes)
    {
        if (_size != 0
            && virtualAddress == _virtual + _size
            && physicalAddress == _physical + _size
            && attributes.FusesWith(_attributes)
            && (!_perPage || (virtualAddress & (attributes.PageSize - 1)) != 0))
        {
            _size += size;
            _attributes = _attributes.Union(attributes);
            return true;
        }

        bool more = Flush();
        _virtual = virtualAddress;
        _size = size;
        _physical = physicalAddress;
        _attributes = attributes;
        return more;
    }

    /// <summary>Gives the run gathered so far to the sink.</summary>
    /// <returns>False when the sink wants no more.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Flush()
    {
        if (_size == 0)
        {
            return true;
        }

        ulong first = Math.Max(_virtual, _minimum);
        ulong last = Math.Min(_virtual + (_size - 1), _maximum);
        ulong displacement = _physical - _virtual;
        _size = 0;
        if (!_filter.Accepts(_attributes))
        {
            return true;
        }

        while (first <= last)
        {
            ulong physical = first + displacement;
            RegionKind kind = _map.Lookup(physical, ref _hint, out ulong regionLast);
            ulong size = Math.Min(regionLast - physical, last - first) + 1;
            if ((kind != RegionKind.Absent || _includeAbsent)
                && !Sink.Add(new Mapping(first, size, physical, _attributes, kind)))
            {
                return false;
            }

            first += size;
            if (first == 0)
            {
                break;
            }
        }

        return true;
    }
}
