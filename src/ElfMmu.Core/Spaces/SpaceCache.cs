using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>
/// What was found out about an open dump, kept for as long as it is open: searches for roots, the maps of spaces, and guests' memory. Of
/// the latter two no more than a budget is kept; what was asked for longest ago is given up first, and found out again when it is needed.
/// Safe to use from several threads.
/// </summary>
public sealed class SpaceCache : IDumpAttachment
{
    // What a map or a guest takes besides its mappings, in mappings.
    private const int Overhead = 32;

    private readonly MemoryDump _dump;
    private readonly KeptResults<string, RootSearch> _searches = new(long.MaxValue, _ => 0);
    private readonly KeptResults<SpaceKey, SpaceMap> _maps;
    private readonly KeptResults<(PagingMode, ulong, PagingOptions), NestedStage> _stages;

    /// <summary>Makes a cache with a budget of its own.</summary>
    /// <param name="dump">The dump.</param>
    /// <param name="budget">How many mappings all maps may have together, and how many all guests.</param>
    internal SpaceCache(MemoryDump dump, long budget)
    {
        _dump = dump;
        _maps = new(budget, m => m.Mappings.Length + Overhead);
        _stages = new(budget, s => s.Count + Overhead);
    }

    /// <summary>The cache of a dump, which lives as long as the dump is open.</summary>
    public static SpaceCache Of(MemoryDump dump) =>
        dump.Attached(static d => new SpaceCache(d, SpaceMap.MostMappings + Overhead));

    /// <summary>
    /// What a search finds; searched at most once for the same modes. Who asks meanwhile waits, and can be cancelled.
    /// </summary>
    /// <param name="options">What to look for.</param>
    /// <param name="find">How to search.</param>
    /// <param name="cancellation">Ends the search.</param>
    public RootSearch Search(
        RootSearchOptions options,
        Func<MemoryDump, RootSearchOptions, CancellationToken, RootSearch> find,
        CancellationToken cancellation)
    {
        string key = options.Modes == null ? "" : string.Join(' ', options.Modes.Select(m => m.Name).Order(StringComparer.Ordinal));
        return _searches.Get(key, () => find(_dump, options, cancellation), cancellation);
    }

    /// <summary>
    /// The map of a space of this dump; walked at most once while it is kept. Who asks meanwhile waits, and can be cancelled. The errors are
    /// those of <see cref="SpaceMap.Walk"/>.
    /// </summary>
    public SpaceMap Map(AddressSpace space, CancellationToken cancellation) =>
        _maps.Get(space.Key, () => SpaceMap.Walk(space, cancellation), cancellation);

    /// <summary>
    /// A guest's physical memory, as a hypervisor's tables lay it out; walked at most once while it is kept, however many spaces the guest
    /// has.
    /// </summary>
    /// <param name="mode">The mode of the tables.</param>
    /// <param name="root">Their root.</param>
    /// <param name="options">The state of the processor, of which only what this mode reads counts.</param>
    /// <param name="cancellation">Ends the walk.</param>
    /// <exception cref="ElfMmuException"><c>SpaceTooLarge</c>; and what <see cref="PagingMode.Walk"/> throws.</exception>
    internal NestedStage Stage(PagingMode mode, ulong root, PagingOptions options, CancellationToken cancellation)
    {
        PagingOptions counting = mode.WhatCounts(options);
        return _stages.Get((mode, root, counting), () => new NestedStage(_dump, mode, root, counting, cancellation), cancellation);
    }

    /// <summary>The map of a space if it is known already; else null.</summary>
    internal SpaceMap? TryGetMap(AddressSpace space) => _maps.TryGet(space.Key, out SpaceMap? map) ? map : null;

    /// <summary>Keeps the map of a space, unless there is one.</summary>
    internal void Add(AddressSpace space, SpaceMap map) => _maps.Add(space.Key, map);

    /// <inheritdoc/>
    IEnumerable<string> IDumpAttachment.Describe()
    {
        if (_searches.Count is > 0 and int searches)
        {
            yield return searches == 1 ? "a search for roots" : $"{searches} searches for roots";
        }

        if (_maps.Count is > 0 and int maps)
        {
            yield return maps == 1 ? "mappings of an address space" : $"mappings of {maps} address spaces";
        }

        if (_stages.Count is > 0 and int stages)
        {
            yield return stages == 1 ? "memory of a guest" : $"memory of {stages} guests";
        }
    }
}
