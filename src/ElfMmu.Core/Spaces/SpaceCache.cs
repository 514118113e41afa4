using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>
/// What was found out about an open dump, kept for as long as it is open: searches for roots, and the maps of spaces. Safe to use
/// from several threads.
/// </summary>
public sealed class SpaceCache : IDumpAttachment, IDisposable
{
    private readonly Lock _lock = new();
    private readonly MemoryDump _dump;
    private readonly Dictionary<string, RootSearch> _searches = [];
    private readonly Dictionary<(SpaceIdentity, PagingOptions), SpaceMap> _maps = [];
    private readonly Dictionary<(PagingMode, ulong, PagingOptions), NestedStage> _stages = [];
    private readonly Dictionary<object, SemaphoreSlim> _turns = [];
    private readonly List<MemoryDump> _placed = [];

    private SpaceCache(MemoryDump dump) => _dump = dump;

    /// <summary>The cache of a dump, which lives as long as the dump is open.</summary>
    public static SpaceCache Of(MemoryDump dump) => dump.Attached(static d => new SpaceCache(d));

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
        return Once(_searches, key, () => find(_dump, options, cancellation), cancellation);
    }

    /// <summary>
    /// The map of a space of this dump; walked at most once. Who asks meanwhile waits, and can be cancelled. The errors are those of
    /// <see cref="SpaceMap.Walk"/>.
    /// </summary>
    public SpaceMap Map(AddressSpace space, CancellationToken cancellation) =>
        Once(_maps, Key(space), () => SpaceMap.Walk(space, cancellation), cancellation);

    /// <summary>
    /// A guest's physical memory, as a hypervisor's tables lay it out; walked at most once. The errors are those of <see cref="PagingMode.Walk"/>.
    /// </summary>
    internal NestedStage Stage(PagingMode mode, ulong root, PagingOptions options, CancellationToken cancellation) =>
        Once(_stages, (mode, root, options), () => new NestedStage(_dump, mode, root, options, cancellation), cancellation);

    /// <summary>The map of a space if it is known already; else null.</summary>
    internal SpaceMap? TryGetMap(AddressSpace space)
    {
        lock (_lock)
        {
            return _maps.GetValueOrDefault(Key(space));
        }
    }

    /// <summary>Keeps the map of a space, unless there is one.</summary>
    internal void Add(AddressSpace space, SpaceMap map)
    {
        lock (_lock)
        {
            _maps.TryAdd(Key(space), map);
        }
    }

    /// <inheritdoc/>
    IEnumerable<string> IDumpAttachment.Describe()
    {
        (int searches, int maps, int stages) = (0, 0, 0);
        lock (_lock)
        {
            (searches, maps, stages) = (_searches.Count, _maps.Count, _stages.Count);
        }

        if (searches > 0)
        {
            yield return searches == 1 ? "a search for roots" : $"{searches} searches for roots";
        }

        if (maps > 0)
        {
            yield return maps == 1 ? "mappings of an address space" : $"mappings of {maps} address spaces";
        }

        if (stages > 0)
        {
            yield return stages == 1 ? "memory of a guest" : $"memory of {stages} guests";
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

    /// <summary>The same tables can give other rights with other registers.</summary>
    private static (SpaceIdentity Space, PagingOptions Options) Key(AddressSpace space) => (space.Identity, space.Options);

    /// <summary>
    /// What is known, or else found out by the first who asks while others wait for their turn. If that one fails, the next one tries.
    /// </summary>
    /// <param name="known">What is known; read and written under the lock.</param>
    /// <param name="key">What is asked.</param>
    /// <param name="find">Finds it out; it mustn't ask the same again.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    private T Once<TKey, T>(Dictionary<TKey, T> known, TKey key, Func<T> find, CancellationToken cancellation)
        where TKey : notnull
    {
        SemaphoreSlim? turn;
        lock (_lock)
        {
            if (known.TryGetValue(key, out T? value))
            {
                return value;
            }

            if (!_turns.TryGetValue(key, out turn))
            {
                _turns.Add(key, turn = new SemaphoreSlim(1));
            }
        }

        turn.Wait(cancellation);
        try
        {
            lock (_lock)
            {
                if (known.TryGetValue(key, out T? value))
                {
                    return value;
                }
            }

            T found = find();
            lock (_lock)
            {
                // A walk for another purpose may have been quicker.
                known.TryAdd(key, found);
                _turns.Remove(key);
                return known[key];
            }
        }
        finally
        {
            turn.Release();
        }
    }
}
