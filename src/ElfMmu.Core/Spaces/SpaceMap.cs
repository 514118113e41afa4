using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>
/// All mappings of an address space, walked once and kept: what look-ups, comparisons and searches work on. It holds no handle and
/// never changes, so any number of threads may use it. Building is one walk; memory is O(mappings).
/// </summary>
public sealed class SpaceMap
{
    private readonly Mapping[] _mappings;

    /// <summary>Makes a map of what a walk found.</summary>
    /// <param name="space">The space.</param>
    /// <param name="mappings">All its mappings.</param>
    /// <param name="summary">What the walk came across.</param>
    /// <param name="request">The walk: for everything, also what is absent.</param>
    internal SpaceMap(AddressSpace space, IEnumerable<Mapping> mappings, WalkSummary summary, WalkRequest request)
    {
        Space = space.Identity;
        _mappings = [.. mappings];
        Summary = summary;
        Warnings = [.. space.Warnings(summary, request)];
        Remark = space.Remark(summary);
    }

    /// <summary>Which space it is.</summary>
    public SpaceIdentity Space { get; }

    /// <summary>
    /// The mappings in ascending order of virtual addresses, disjoint, fused, each of one <see cref="Mapping.Kind"/>; also those behind
    /// which the dump has nothing.
    /// </summary>
    public ReadOnlySpan<Mapping> Mappings => _mappings;

    /// <summary>What the walk came across.</summary>
    public WalkSummary Summary { get; }

    /// <summary>What the walk lost or makes doubtful, for the warning stream.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>What the walk came across, for the verbose stream.</summary>
    public string Remark { get; }

    /// <summary>Walks a space. See <see cref="PagingMode.Walk"/> for cost and errors.</summary>
    public static SpaceMap Walk(AddressSpace space, CancellationToken cancellation = default)
    {
        var sink = new Collector([]);
        WalkRequest request = space.NewWalk() with { IncludeAbsent = true, Cancellation = cancellation };
        WalkSummary summary = space.Walk(request, ref sink);
        return new SpaceMap(space, sink.Mappings, summary, request);
    }

    private readonly struct Collector(List<Mapping> mappings) : IMappingSink
    {
        public List<Mapping> Mappings { get; } = mappings;

        public bool Add(in Mapping mapping)
        {
            Mappings.Add(mapping);
            return true;
        }
    }
}
