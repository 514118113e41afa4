using ElfMmu.Dumps;
using ElfMmu.Intervals;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>
/// All mappings of an address space, walked once and kept: what look-ups, comparisons and searches work on. It holds no handle and
/// never changes, so any number of threads may use it. Building is one walk; memory is O(mappings).
/// </summary>
/// <remarks>
/// Its indexes are built when they are first asked for, once, and share one tree where they can. They know nothing of tags: an address
/// that carries one where the processor ignores it is none of theirs.
/// </remarks>
public sealed class SpaceMap
{
    /// <summary>
    /// The most mappings that are kept of a space. They take 32 bytes each, 256 MiB together, and up to four times as much with every index
    /// built. That is 32 GiB of small pages no two of which are neighbours; Linux has some thousands for a process, and some 100,000 at
    /// the most with all of its kernel. Hostile tables of a few pages have any number.
    /// </summary>
    internal const int MostMappings = 1 << 23;

    private readonly Mapping[] _mappings;
    private readonly Lazy<IntervalSearch> _search;
    private readonly Lazy<OffsetIndex> _physicalAddresses;
    private readonly Lazy<AttributeIndex<MappingAttributes>> _attributes;
    private readonly Lazy<OverlapIndex> _virtualAddresses;

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
        _search = new(() => new IntervalSearch(Select(Addresses)));
        _physicalAddresses = new(() => new OffsetIndex(_search.Value, Select(static m => m.PhysicalAddress)));
        _attributes = new(() => new AttributeIndex<MappingAttributes>(_search.Value, Select(static m => m.Attributes)));
        _virtualAddresses = new(() => new OverlapIndex(Select(static m => new TargetInterval(Addresses(m), m.PhysicalAddress))));
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

    /// <summary>Virtual address to physical address, for single ones and many at once. Building it is O(mappings).</summary>
    public OffsetIndex PhysicalAddresses => _physicalAddresses.Value;

    /// <summary>Virtual address to rights, page size and the rest. Building it is O(mappings).</summary>
    public AttributeIndex<MappingAttributes> Attributes => _attributes.Value;

    /// <summary>
    /// Physical address to all virtual addresses that lead to it; the positions of its matches are those of <see cref="Mappings"/>.
    /// Building it is O(mappings log mappings).
    /// </summary>
    public OverlapIndex VirtualAddresses => _virtualAddresses.Value;

    /// <summary>Finds the mapping that a virtual address is in. O(log mappings).</summary>
    /// <returns>False if the address isn't mapped.</returns>
    public bool TryFind(ulong virtualAddress, out Mapping mapping)
    {
        int position = _search.Value.Find(virtualAddress);
        mapping = position < 0 ? default : _mappings[position];
        return position >= 0;
    }

    /// <summary>Walks a space. See <see cref="PagingMode.Walk"/> for cost and errors.</summary>
    /// <exception cref="ElfMmuException"><c>SpaceTooLarge</c>: it has more than 8,388,608 mappings.</exception>
    public static SpaceMap Walk(AddressSpace space, CancellationToken cancellation = default)
    {
        var sink = new MappingCollector(
            $"The tables of root 0x{space.Identity.Root:x} ({space.Identity.Mode.Name}) in '{space.Dump.Identity.Path}' have more than "
            + $"{MostMappings} mappings, which is more than is kept of a space, and more than a sound one has. Check root and mode, or limit "
            + "the addresses and list the mappings, which keeps none.",
            space.Dump);
        WalkRequest request = space.NewWalk() with { IncludeAbsent = true, Cancellation = cancellation };
        WalkSummary summary = space.Walk(request, ref sink);
        return new SpaceMap(space, sink.Mappings, summary, request);
    }

    private static Interval Addresses(Mapping mapping) => Interval.FromStartAndLast(mapping.VirtualAddress, mapping.LastAddress);

    private T[] Select<T>(Func<Mapping, T> of) => Array.ConvertAll(_mappings, m => of(m));
}
