using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>
/// What was found out about an open dump, kept for as long as it is open: searches for roots, and the maps of spaces. Safe to use
/// from several threads.
/// </summary>
public sealed class SpaceCache : IDisposable
{
    private readonly Lock _lock = new();
    private readonly MemoryDump _dump;
    private readonly List<(string Key, RootSearch Search)> _searches = [];
    private readonly Dictionary<(SpaceIdentity, PagingOptions), SpaceMap> _maps = [];
    private readonly List<MemoryDump> _placed = [];

    private SpaceCache(MemoryDump dump) => _dump = dump;

    /// <summary>The cache of a dump, which lives as long as the dump is open.</summary>
    public static SpaceCache Of(MemoryDump dump) => dump.Attached(static d => new SpaceCache(d));

    /// <summary>What a search finds; searched at most once for the same modes.</summary>
    /// <param name="options">What to look for.</param>
    /// <param name="find">How to search.</param>
    /// <param name="cancellation">Ends the search.</param>
    public RootSearch Search(
        RootSearchOptions options,
        Func<MemoryDump, RootSearchOptions, CancellationToken, RootSearch> find,
        CancellationToken cancellation)
    {
        string key = options.Modes == null ? "" : string.Join(' ', options.Modes.Select(m => m.Name).Order(StringComparer.Ordinal));
        lock (_lock)
        {
            if (_searches.Find(s => s.Key == key).Search is { } known)
            {
                return known;
            }
        }

        // Searching beside another thread that searches for the same is only a waste; waiting for it couldn't be cancelled.
        RootSearch search = find(_dump, options, cancellation);
        lock (_lock)
        {
            _searches.Add((key, search));
        }

        return search;
    }

    /// <summary>The map of a space of this dump; walked at most once. The errors are those of <see cref="SpaceMap.Walk"/>.</summary>
    public SpaceMap Map(AddressSpace space, CancellationToken cancellation)
    {
        // The same tables can give other rights with other registers.
        (SpaceIdentity, PagingOptions) key = (space.Identity, space.Options);
        lock (_lock)
        {
            if (_maps.TryGetValue(key, out SpaceMap? known))
            {
                return known;
            }
        }

        SpaceMap map = SpaceMap.Walk(space, cancellation);
        lock (_lock)
        {
            _maps.TryAdd(key, map);
            return _maps[key];
        }
    }

    /// <summary>
    /// The same file opened as a search says it has to be, with a lease for the caller. It stays open with this dump, so that it isn't
    /// unpacked once more for every question.
    /// </summary>
    internal MemoryDump Placed(DumpIdentity identity, CancellationToken cancellation)
    {
        MemoryDump placed = identity.Reopen(cancellation);
        lock (_lock)
        {
            if (!_placed.Contains(placed) && placed.TryLease())
            {
                _placed.Add(placed);
            }
        }

        return placed;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _placed.ForEach(p => p.Dispose());
            _placed.Clear();
        }
    }
}
