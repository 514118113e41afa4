using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>
/// The address spaces of a dump that a request means: the one that it or the dump names, and where neither does, what a search
/// finds.
/// </summary>
public sealed class SpaceSource : IDisposable
{
    private const int MostNamed = 5;

    private readonly AddressSpace? _known;

    private SpaceSource(MemoryDump dump, SpaceRequest request, AddressSpace known)
    {
        Dump = dump;
        Requests = [request];
        _known = known;
    }

    private SpaceSource(MemoryDump dump, RootSearch search, SpaceRequest request, IEnumerable<PageTableRoot> roots)
    {
        Dump = dump;
        Search = search;
        Requests = [.. roots.Select(request.With)];
    }

    /// <summary>The dump, as it has to be opened for these spaces. It belongs to this object.</summary>
    public MemoryDump Dump { get; }

    /// <summary>The spaces, best first; at least one. <see cref="OpenSpace"/> opens them.</summary>
    public IReadOnlyList<SpaceRequest> Requests { get; }

    /// <summary>What a search found; null where none was needed.</summary>
    public RootSearch? Search { get; }

    /// <summary>Choices made, as sentences for the verbose stream.</summary>
    public IReadOnlyList<string> Remarks { get; private init; } = [];

    /// <summary>What is doubtful, as sentences for the warning stream.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>Finds the address space that a request means, searching the dump only where nothing names a root.</summary>
    /// <param name="dump">The dump. It is closed with this object, and also when this throws.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="find">How to search; null for <see cref="RootFinder.Find"/>.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="ElfMmuException">
    /// <c>RootNotFound</c>: the search found nothing that reaches <see cref="RootSearch.DefaultMinimumScore"/>; or what
    /// <see cref="AddressSpace.Open"/> and the search throw.
    /// </exception>
    public static SpaceSource Open(
        MemoryDump dump,
        SpaceRequest request,
        Func<MemoryDump, RootSearchOptions, CancellationToken, RootSearch>? find = null,
        CancellationToken cancellation = default) => Owning(dump, () =>
        {
            try
            {
                return new SpaceSource(dump, request, AddressSpace.Open(dump, request, cancellation));
            }
            catch (ElfMmuException unknown) when (IsOpen(request) && unknown.ErrorId is "RootUnknown" or "ModeAmbiguous")
            {
                try
                {
                    return Searched(dump, request, false, find ?? RootFinder.Find, cancellation);
                }
                catch (ElfMmuException e) when (e.ErrorId == "ModeNotSearchable")
                {
                    // Nobody asked for a search. What was asked for says what to give.
                    throw unknown;
                }
            }
        });

    /// <summary>
    /// Searches a dump for the address spaces that fit a request: all whose roots reach
    /// <see cref="RootSearch.DefaultMinimumScore"/>. The parameters are those of <see cref="Open"/>.
    /// </summary>
    /// <exception cref="ElfMmuException">
    /// <c>RootNotFound</c>: there is none; <c>RootConflict</c>: the request names a root itself; <c>ModeUnknown</c>; or what the
    /// search throws, such as <c>ModeNotSearchable</c>.
    /// </exception>
    public static SpaceSource OpenAll(
        MemoryDump dump,
        SpaceRequest request,
        Func<MemoryDump, RootSearchOptions, CancellationToken, RootSearch>? find = null,
        CancellationToken cancellation = default) => Owning(dump, () => IsOpen(request)
            ? Searched(dump, request, true, find ?? RootFinder.Find, cancellation)
            : throw new ElfMmuException(
                "RootConflict",
                ErrorKind.InvalidArgument,
                $"All roots of '{dump.Identity.Path}' are asked for, and one that is named: by its address, by a CPU, or behind a "
                + "hypervisor's tables. Ask for one or the other.")
            { Path = dump.Identity.Path });

    /// <summary>Opens one of <see cref="Requests"/>. The errors are those of <see cref="AddressSpace.Open"/>, and of opening a dump.</summary>
    public AddressSpace OpenSpace(SpaceRequest request, CancellationToken cancellation = default) =>
        _known ?? AddressSpace.Open(Dump, request, cancellation);

    /// <inheritdoc/>
    public void Dispose() => Dump.Dispose();

    /// <summary>Whether a request leaves the root open. Who names a CPU or a hypervisor's tables means a certain one.</summary>
    private static bool IsOpen(SpaceRequest request) => request is { Root: null, Root1: null, Cpu: null, NestedRoot: null };

    private static SpaceSource Owning(MemoryDump dump, Func<SpaceSource> open)
    {
        try
        {
            return open();
        }
        catch
        {
            dump.Dispose();
            throw;
        }
    }

    private static SpaceSource Searched(
        MemoryDump dump,
        SpaceRequest request,
        bool all,
        Func<MemoryDump, RootSearchOptions, CancellationToken, RootSearch> find,
        CancellationToken cancellation)
    {
        var options = new RootSearchOptions { Modes = Modes(dump.Machine, request) };
        RootSearch search = SpaceCache.Of(dump).Search(options, find, cancellation);
        if (search.Best is not { } best)
        {
            throw new ElfMmuException(
                "RootNotFound",
                ErrorKind.NotFound,
                new RootFilter().Nothing(search, options) + " Give the root (the physical address of the top table) and the mode, or a "
                + "machine description.")
            { Path = dump.Identity.Path };
        }

        IReadOnlyList<PageTableRoot> roots = all ? new RootFilter().Choose(search) : [best];

        // The name that was looked for may stand for several modes; each root has its own.
        request = request with { Mode = null };
        MemoryDump found = best.Dump == dump.Identity ? dump : best.Dump.Reopen(cancellation);
        var source = new SpaceSource(found, search, request, roots)
        {
            Remarks = [.. search.Remarks, .. found == dump ? [] : found.Remarks, .. roots.Select(r => Reasons(r, search))],
            Warnings = [.. search.Warnings, .. found == dump ? [] : found.Warnings, .. all ? [] : Near(best, search)],
        };
        if (found != dump)
        {
            dump.Dispose();
        }

        return source;
    }

    /// <summary>The modes to look for: those of a name that is given, or that the machine has; null where nothing names any.</summary>
    private static IReadOnlyList<PagingMode>? Modes(Machine machine, SpaceRequest request)
    {
        if ((request.Mode ?? machine.Mode) is not { } name)
        {
            return null;
        }

        IReadOnlyList<PagingMode> modes = PagingModes.NamedAny([name]);
        IReadOnlyList<PagingMode> own = [.. modes.Where(m => m.Architecture == machine.Architecture)];
        return own.Count > 0 ? own : modes;
    }

    private static string Reasons(PageTableRoot root, RootSearch search)
    {
        string doubts = root.Doubts.Count == 0 ? "" : $" Doubtful: {string.Join("; ", root.Doubts)}.";
        return $"A search of '{search.Dump.Path}' found root 0x{root.Root:x} ({root.Mode.Name}) with a score of "
            + $"{RootFilter.Format(root.Score)}, of {search.Roots.Count} candidates: {string.Join("; ", root.Reasons)}.{doubts}";
    }

    private static IEnumerable<string> Near(PageTableRoot best, RootSearch search)
    {
        PageTableRoot[] near = [.. search.Near];
        if (near.Length == 0)
        {
            yield break;
        }

        string named = string.Join(
            ", ", near.Take(MostNamed).Select(r => $"0x{r.Root:x} ({r.Mode.Name}, {RootFilter.Format(r.Score)})"));
        string more = near.Length > MostNamed ? $" and {near.Length - MostNamed} more" : "";
        yield return $"Root 0x{best.Root:x} ({best.Mode.Name}, score {RootFilter.Format(best.Score)}) of '{search.Dump.Path}' is the best "
            + $"that was found, but others are as good or nearly: {named}{more}. Name a root to have another one, or ask for all of them.";
    }
}
