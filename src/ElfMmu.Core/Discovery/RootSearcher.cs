using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Discovery;

/// <summary>One search for roots: looks at the dump once, tries what it can be, and judges what stands at the top.</summary>
internal sealed class RootSearcher
{
    // The RAM of PCs starts at 0. Another start has to convince that much more, and by so many bits: where a hole below it was cut
    // out, nearly everything speaks for the RAM behind it.
    private const double NotAtZeroFactor = 3;
    private const double NotAtZero = 30;

    // The larger an image, the more in it fits somewhere by chance: one bit for so many frames.
    private const double FramesOfChance = 4096;

    // How much more has to speak for two pieces of RAM than for one.
    private const double TwoPieces = 1.1;

    // Of hostile or strange dumps so many candidates are kept, the best ones.
    private const int MostCandidates = 4096;
    private const int MostTops = 1 << 15;

    // More at once take more memory than they are worth.
    private const int MostThreads = 2;

    private readonly MemoryDump _dump;
    private readonly RootSearchOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly double _leastScore;
    private readonly IReadOnlyList<PagingMode> _modes;
    private readonly TableFamily[] _families;
    private readonly TableScan[] _scans;
    private readonly Dictionary<(ulong, ulong), PointerScan> _pointers;
    private readonly PagingOptions _paging;
    private volatile bool _isCut;

    /// <summary>Prepares a search.</summary>
    /// <param name="dump">The dump.</param>
    /// <param name="options">What to look for.</param>
    /// <param name="leastScore">The score below which candidates aren't worth a word.</param>
    /// <param name="cancellation">Ends the work.</param>
    public RootSearcher(MemoryDump dump, RootSearchOptions options, double leastScore, CancellationToken cancellation)
    {
        _dump = dump;
        _options = options;
        _leastScore = leastScore;
        _cancellation = cancellation;
        Architecture architecture = dump.Machine.Architecture;
        _modes = options.Modes
            ?? [.. PagingModes.All.Where(m => !m.IsNested && (architecture == Architecture.Unknown || m.Architecture == architecture))];
        if (options.Modes?.FirstOrDefault(m => !IsSearchable(m)) is { } other)
        {
            throw new ElfMmuException(
                "ModeNotSearchable",
                ErrorKind.InvalidArgument,
                $"Tables of mode {other.Name} can't be searched for. Those of {string.Join(", ", PagingModes.All.Where(IsSearchable).Select(m => m.Name))} can.");
        }

        _families = [.. TableFamilies.All.Where(f => Shapes(f).Any())];
        var scans = new Dictionary<object, TableScan>();
        _scans = new TableScan[_families.Length];
        for (int i = 0; i < _families.Length; i++)
        {
            object key = _families[i].ScanKey(dump.Memory);
            if (!scans.TryGetValue(key, out TableScan? scan))
            {
                scans[key] = scan = _families[i].NewScan(dump.Memory);
            }

            _scans[i] = scan;
        }

        _pointers = _families.SelectMany(Shapes).Where(s => s.Set != 0).GroupBy(s => (s.Set | s.Clear, s.Set))
            .ToDictionary(g => g.Key, g => new PointerScan(dump.Memory.PageCount, g.Key.Item1, g.Key.Set, g.Min(s => s.Entries) < 4 ? 2 : 4));
        _paging = new PagingOptions
        {
            PhysicalAddressBits = dump.Machine.PhysicalAddressBits,
            IgnoredAddressBits = dump.Machine.EncryptionMask,
        };
    }

    private ulong Frames => _dump.Memory.PageCount;

    /// <summary>Searches.</summary>
    public RootSearch Run()
    {
        IReadOnlyList<PowerPcHashScan> hashes = _modes.Contains(PowerPcModes.Ppc32) ? [new PowerPcHashScan(_dump.Memory, HashOrder)] : [];
        FrameScan frames = FrameScan.Run(
            _dump.Memory, [.. _scans.Distinct(), .. _pointers.Values, .. hashes], _options.Progress, _cancellation);
        Trial? best = TryAll(Enumerable.Range(0, _families.Length), frames);
        if (best == null)
        {
            int[] lenient = [.. Enumerable.Range(0, _families.Length).Where(i => _families[i].Lenient != null)];
            foreach (int i in lenient)
            {
                _families[i] = _families[i].Lenient!;
            }

            best = TryAll(lenient, frames);
        }

        best = InTwoPieces(best, frames);
        IReadOnlyList<PageTableRoot> hashed =
            [.. hashes.SelectMany(scan => PowerPcHashFinder.Find(_dump, scan, frames.Zeros, _cancellation)).Select(h => h with { Score = Math.Round(h.Score, 3) })];
        if (best == null && hashed is [var table, ..])
        {
            return new RootSearch { Dump = table.Dump, Roots = hashed };
        }

        // Where nothing convinces, there may be candidates that don't.
        Placement placement = best?.Placement ?? Placement.Of(_dump);
        List<Candidate> candidates = Candidates(best == null ? null : _families[best.Family].Architecture, placement, frames);
        CandidateJudge.Compare(candidates, Frames);
        NamedRoots.Raise(candidates, _dump, placement);
        DumpIdentity identity = placement.Identify(_dump.Identity);
        return new RootSearch
        {
            Dump = identity,
            Roots =
            [
                .. candidates.Where(c => c.Score >= _leastScore).Select(c => c.ToRoot(identity, placement))
                    .Concat(hashed.Where(h => best != null && h.RamBase == placement.Start)
                        .Select(h => CandidateJudge.OtherThan(_families[best!.Family].Architecture, h with { Dump = identity })))
                    .OrderByDescending(r => r.Score),
            ],
            Remarks = placement.Layout == null ? [] : [Remark(placement.Layout)],
            Warnings = _isCut
                ? [$"'{_dump.Identity.Path}' holds more that looks like page tables than a machine needs; not all of it was looked at."]
                : [],
        };
    }

    private ByteOrder HashOrder => _dump.Machine.Architecture == Architecture.PowerPC ? _dump.Machine.ByteOrder : ByteOrder.Big;

    private string Remark(RawLayout layout) => layout.Pieces is [var only]
        ? $"The page tables in '{_dump.Identity.Path}' make sense with its first byte at physical 0x{only.Address:x}."
        : $"The page tables in '{_dump.Identity.Path}' make sense with a hole in its RAM: {layout}.";

    private static bool IsSearchable(PagingMode mode) =>
        mode == PowerPcModes.Ppc32 || TableFamilies.All.Any(f => f.Shapes.Any(s => s.Mode == mode));

    private IEnumerable<RootShape> Shapes(TableFamily family) => family.Shapes.Where(s => _modes.Contains(s.Mode));

    /// <summary>The family and the placement that most speaks for; null if nothing does.</summary>
    private Trial? TryAll(IEnumerable<int> families, FrameScan frames)
    {
        // Each has its place, so that the answer doesn't depend on which thread is done first.
        var trials = new Trial[_families.Length][];
        Parallel.ForEach(
            families,
            new ParallelOptions { CancellationToken = _cancellation, MaxDegreeOfParallelism = MostThreads },
            i => trials[i] = [.. Trials(i, frames)]);
        return trials.Where(t => t != null).SelectMany(t => t).Where(t => Conviction(t) > 0).MaxBy(t => Conviction(t) + Preference(t));
    }

    /// <summary>What a family finds in the dump, or in a raw image at the places that its tables speak for.</summary>
    private IEnumerable<Trial> Trials(int family, FrameScan frames)
    {
        if (_scans[family].Directory.IsEmpty)
        {
            return [];
        }

        if (_dump.IsPlaced)
        {
            return [Try(family, Placement.Of(_dump), frames)];
        }

        IEnumerable<ulong> places = Finder(family, frames).Places(place => Preference(family, place));
        return (IsPc(family) ? places.Prepend(0UL).Distinct() : places).Where(place => place <= ulong.MaxValue - _dump.Memory.Size)
            .Select(place => Try(family, Placement.Of(_dump, new RawLayout([new RawPiece(0, place)])), frames));
    }

    private RamBaseFinder Finder(int family, FrameScan frames)
    {
        TableGraph graph = _families[family].NewGraph(_paging, Placement.Of(_dump), _scans[family], frames.Zeros, _cancellation);
        return new RamBaseFinder(graph, _scans[family], frames.Zeros, Frames);
    }

    /// <summary>What more speaks for if the image was in two pieces; what was tried before if nothing does.</summary>
    private Trial? InTwoPieces(Trial? best, FrameScan frames)
    {
        if (_dump.IsPlaced)
        {
            return best;
        }

        // The lower piece of a PC's RAM is known, however little of the tables is there. Addresses of 32 bits leave no room for holes.
        Architecture architecture = best == null ? Architecture.X86 : _families[best.Family].Architecture;
        ulong known = architecture == Architecture.X86 ? 0 : best!.Placement.Start;
        return Enumerable.Range(0, _families.Length).Where(i => _families[i].Architecture == architecture && _families[i].Levels.Count > 2)
            .SelectMany(i => Finder(i, frames).InTwoPieces(known).Select(layout => Try(i, Placement.Of(_dump, layout), frames)))
            .Where(t => t.Strength > TwoPieces * (best?.Strength ?? 0))
            .MaxBy(t => t.Strength) ?? best;
    }

    private double Conviction(Trial trial) => IsPc(trial.Family) && trial.Placement is { Layout: not null, Start: > 0 }
        ? (trial.Strength / NotAtZeroFactor) - NotAtZero - ((double)Frames / FramesOfChance)
        : trial.Strength;

    private static double Preference(Trial trial) => trial.Placement.Layout == null ? 0 : RamBaseFinder.Preference(trial.Placement.Start);

    private double Preference(int family, ulong place) => RamBaseFinder.Preference(place) - (IsPc(family) && place > 0 ? NotAtZero : 0);

    private bool IsPc(int family) => _families[family].Architecture == Architecture.X86;

    /// <summary>What all families of an architecture find, or of all: a machine has one, and its RAM was in one place.</summary>
    private List<Candidate> Candidates(Architecture? architecture, Placement placement, FrameScan frames) =>
    [
        .. Enumerable.Range(0, _families.Length).Where(i => architecture == null || _families[i].Architecture == architecture)
            .SelectMany(i => Find(i, placement, frames, out _)),
    ];

    private Trial Try(int family, Placement placement, FrameScan frames)
    {
        Find(family, placement, frames, out double strength);
        return new Trial(family, placement, strength);
    }

    private List<Candidate> Find(int family, Placement placement, FrameScan frames, out double strength)
    {
        strength = 0;
        if (_scans[family].Directory.IsEmpty)
        {
            return [];
        }

        TableGraph graph = _families[family].NewGraph(_paging, placement, _scans[family], frames.Zeros, _cancellation);
        graph.Close();
        List<Candidate> candidates = Tops(graph);
        strength = CandidateJudge.Strength(candidates, Frames);
        _isCut |= graph.IsCut;
        return candidates;
    }

    private List<Candidate> Tops(TableGraph graph)
    {
        var found = new List<Candidate>();
        var seen = new HashSet<(ulong, int, ulong, ulong)>();
        foreach (RootShape shape in Shapes(graph.Family).OrderBy(s => s.Entries))
        {
            IEnumerable<Candidate> tops = graph.IsWhole(shape)
                ? graph.Tops(shape.Height).Select(address => CandidateJudge.Judge(graph, shape, address, 0))
                : SmallTops(graph, shape, seen);
            foreach (Candidate top in tops.Take(MostTops).Where(t => t.Score >= _leastScore))
            {
                found.Add(top);
                if (found.Count > 2 * MostCandidates)
                {
                    found = [.. found.OrderByDescending(c => c.Score).Take(MostCandidates)];
                }
            }
        }

        return found;
    }

    /// <summary>
    /// The top tables that are smaller than a frame. They have many places to be at, but operating systems keep many of them in one
    /// frame. What can be read as a small one and as a larger one around it is the smaller one.
    /// </summary>
    private IEnumerable<Candidate> SmallTops(TableGraph graph, RootShape shape, HashSet<(ulong, int, ulong, ulong)> seen)
    {
        PointerScan pointers = _pointers[(shape.Set | shape.Clear, shape.Set)];
        double places = -Math.Log2(pointers.Frames.Count() + 1);
        foreach (IReadOnlyList<ulong> frame in graph.SmallTops(shape, pointers))
        {
            Candidate[] tops = [.. frame.Select(address => CandidateJudge.Judge(graph, shape, address, 0))];
            double siblings = tops.Select(t => t.Entries[0].Target).Distinct().Count() - 1;
            foreach (Candidate top in tops.Where(t => seen.Add((frame[0] >> TableScan.FrameShift, shape.Height, t.Entries[0].Target, t.Entries[^1].Target))))
            {
                // A single pointer to a table is nothing special among so many places; two side by side are.
                double more = top.Content.Children > 1 ? 0 : places + (siblings * graph.Surprise[shape.Height - 1]);
                yield return more >= 0 ? top : CandidateJudge.Judge(graph, shape, top.Address, more);
            }
        }
    }

    /// <summary>How much speaks for a family with the dump in a placement, in bits.</summary>
    private sealed record Trial(int Family, Placement Placement, double Strength);
}
