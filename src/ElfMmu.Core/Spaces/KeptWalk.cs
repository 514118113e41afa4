using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>
/// Walks a space of a dump that is kept open once: what that finds is kept, and the next one who wants all of it needn't walk. The
/// mappings are the same either way, and come one by one.
/// </summary>
internal static class KeptWalk
{
    /// <summary>Gives the mappings of a space to a sink: from its map where there is one, else from a walk.</summary>
    /// <param name="space">The space.</param>
    /// <param name="request">What is wanted, from <see cref="AddressSpace.NewWalk"/>.</param>
    /// <param name="sink">Takes the mappings.</param>
    public static WalkReport Run<TSink>(AddressSpace space, WalkRequest request, ref TSink sink)
        where TSink : struct, IMappingSink
    {
        bool isWhole = request == space.NewWalk() with
        {
            Filter = request.Filter,
            IncludeAbsent = request.IncludeAbsent,
            Cancellation = request.Cancellation,
        };
        SpaceCache cache = SpaceCache.Of(space.Dump);
        if (isWhole && cache.TryGetMap(space) is { } map)
        {
            return Replay(map, request, ref sink);
        }

        WalkSummary summary;
        if (isWhole && space.Dump.IsKept)
        {
            var both = new BothSink<TSink>(sink, request);
            WalkRequest all = request with { Filter = new MappingFilter(Privilege.Any), IncludeAbsent = true };
            summary = space.Walk(all, ref both);
            sink = both.Sink;
            if (!summary.Stopped && both.Kept is { } kept)
            {
                cache.Add(space, new SpaceMap(space, kept, summary, all));
            }
        }
        else
        {
            summary = space.Walk(request, ref sink);
        }

        return new WalkReport(space.Remark(summary), [.. space.Warnings(summary, request)]);
    }

    private static WalkReport Replay<TSink>(SpaceMap map, WalkRequest request, ref TSink sink)
        where TSink : struct, IMappingSink
    {
        foreach (ref readonly Mapping mapping in map.Mappings)
        {
            request.Cancellation.ThrowIfCancellationRequested();
            if (Wants(request, mapping) && !sink.Add(mapping))
            {
                break;
            }
        }

        return new WalkReport($"What root 0x{map.Space.Root:x} in '{map.Space.Dump.Path}' maps is known from an earlier walk.", map.Warnings);
    }

    private static bool Wants(WalkRequest request, in Mapping mapping) =>
        (request.IncludeAbsent || mapping.Kind != RegionKind.Absent) && request.Filter.Accepts(mapping.Attributes);

    /// <summary>Gives what is wanted to a sink, and gathers everything.</summary>
    private struct BothSink<TSink>(TSink sink, WalkRequest request) : IMappingSink
        where TSink : struct, IMappingSink
    {
        public TSink Sink = sink;

        /// <summary>All mappings; null when there are too many.</summary>
        public List<Mapping>? Kept { get; private set; } = [];

        public bool Add(in Mapping mapping)
        {
            if (Kept?.Count == SpaceMap.MostMappings)
            {
                Kept = null;
            }

            Kept?.Add(mapping);
            return !Wants(request, mapping) || Sink.Add(mapping);
        }
    }
}
