using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Discovery;

/// <summary>One search for roots.</summary>
internal sealed class RootSearcher : IDisposable
{
    // The RAM of PCs starts at 0; what has to speak for another place, in bits.
    private const double NotAtZero = 30;

    private readonly MemoryDump _dump;
    private readonly RootSearchOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<ulong, MemoryDump> _placed = [];
    private readonly IReadOnlyList<PagingMode> _modes;
    private readonly TableFamily[] _families;
    private readonly TableScan[] _scans;
    private readonly Dictionary<(ulong, ulong), PointerScan> _pointers;
    private readonly PagingOptions _paging;

    public RootSearcher(MemoryDump dump, RootSearchOptions options, CancellationToken cancellation)
    {
        _dump = dump;
        _options = options;
        _cancellation = cancellation;
        Architecture architecture = dump.Machine.Architecture;
        _modes = options.Modes
            ?? [.. PagingModes.All.Where(m => !m.IsNested && (architecture == Architecture.Unknown || m.Architecture == architecture))];
        _families = [.. TableFamilies.All.Where(f => f.Shapes.Any(s => _modes.Contains(s.Mode)))];
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

        _pointers = Shapes().Where(s => s.Set != 0).Select(s => (s.Set | s.Clear, s.Set)).Distinct()
            .ToDictionary(p => p, p => new PointerScan(dump.Memory.PageCount, p.Item1, p.Set));
        _paging = new PagingOptions
        {
            PhysicalAddressBits = dump.Machine.PhysicalAddressBits,
            IgnoredAddressBits = dump.Machine.EncryptionMask,
        };
    }

    /// <summary>Searches.</summary>
    /// <param name="leastScore">The score below which candidates aren't worth a word.</param>
    public RootSearch Run(double leastScore)
    {
        FrameScan frames = FrameScan.Run(_dump.Memory, [.. _scans.Distinct()], [.. _pointers.Values], _options.Progress, _cancellation);
        Trial? best = TryAll(frames);
        if (best == null && _families.Any(f => f.Lenient != null))
        {
            for (int i = 0; i < _families.Length; i++)
            {
                _families[i] = _families[i].Lenient ?? _families[i];
            }

            best = TryAll(frames);
        }

        // A machine has one architecture, and its RAM was in one place.
        List<Candidate> candidates = best == null ? [] : Candidates(best, frames);
        CandidateJudge.Compare(candidates, _dump.Memory.PageCount);
        MemoryDump dump = Placed(best?.Place);
        PageTableRoot[] roots = [.. candidates.Where(c => c.Score >= leastScore).Select(c => Root(c, dump))];
        return new RootSearch { Dump = roots is [var first, ..] ? first.Dump : _dump.Identity, Roots = roots };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (MemoryDump dump in _placed.Values)
        {
            dump.Dispose();
        }
    }

    private IEnumerable<RootShape> Shapes() => _families.SelectMany(f => f.Shapes).Where(s => _modes.Contains(s.Mode));

    /// <summary>The family and the place that most speaks for; null if nothing does.</summary>
    private Trial? TryAll(FrameScan frames)
    {
        var trials = new List<Trial>();
        Parallel.For(0, _families.Length, new ParallelOptions { CancellationToken = _cancellation, MaxDegreeOfParallelism = 2 }, i =>
        {
            foreach (ulong? place in Places(i, frames))
            {
                (_, double strength) = Try(i, place, frames);
                lock (trials)
                {
                    trials.Add(new Trial(i, place, strength));
                }
            }
        });
        return trials.Where(t => t.Strength > 0).MaxBy(t => t.Strength + Preference(t));
    }

    private double Preference(Trial trial) => RamBaseFinder.Preference(trial.Place ?? 0)
        - (_families[trial.Family].Architecture == Architecture.X86 && trial.Place > 0 ? NotAtZero : 0);

    /// <summary>What all families of an architecture find at a place.</summary>
    private List<Candidate> Candidates(Trial best, FrameScan frames)
    {
        Architecture architecture = _families[best.Family].Architecture;
        return
        [
            .. Enumerable.Range(0, _families.Length).Where(i => _families[i].Architecture == architecture)
                .SelectMany(i => Try(i, best.Place, frames).Candidates),
        ];
    }

    /// <summary>The places where a family's tables make sense; null for where the dump says they are.</summary>
    private IEnumerable<ulong?> Places(int family, FrameScan frames)
    {
        if (_dump.IsPlaced)
        {
            return [null];
        }

        TableGraph graph = _families[family].NewGraph(_paging, _dump.Memory, _dump.Map, _scans[family], frames.Zeros);
        return RamBaseFinder.Find(graph, _scans[family], frames.Zeros, _dump.Memory.PageCount)
            .Where(place => place.Place <= ulong.MaxValue - _dump.Memory.Size)
            .Select(place => (ulong?)place.Place);
    }

    private MemoryDump Placed(ulong? place)
    {
        if (place is not { } start)
        {
            return _dump;
        }

        lock (_placed)
        {
            if (!_placed.TryGetValue(start, out MemoryDump? dump))
            {
                _placed[start] = dump = (_dump.Identity with { RamBase = start }).Reopen(_cancellation);
            }

            return dump;
        }
    }

    private (List<Candidate> Candidates, double Strength) Try(int family, ulong? place, FrameScan frames)
    {
        MemoryDump dump = Placed(place);
        TableGraph graph = _families[family].NewGraph(_paging, dump.Memory, dump.Map, _scans[family], frames.Zeros);
        graph.Close(_cancellation);
        List<Candidate> candidates = Tops(graph);
        return (candidates, CandidateJudge.Strength(candidates, dump.Memory.PageCount));
    }

    /// <summary>How much speaks for a family at a place, in bits.</summary>
    private sealed record Trial(int Family, ulong? Place, double Strength);

    private List<Candidate> Tops(TableGraph graph)
    {
        var found = new List<Candidate>();
        var seen = new HashSet<(ulong, ulong, ulong)>();
        foreach (RootShape shape in graph.Family.Shapes.Where(s => _modes.Contains(s.Mode)).OrderBy(s => s.Entries))
        {
            if (graph.IsWhole(shape))
            {
                found.AddRange(graph.Tops(shape.Height).Select(address => CandidateJudge.Judge(graph, shape, address, 0)));
            }
            else
            {
                AddSmallTops(graph, shape, seen, found);
            }
        }

        return found;
    }

    /// <summary>
    /// Adds the top tables that are smaller than a frame. They have many places to be at, but operating systems keep many of them in
    /// one frame. What can be read as a small one and as a larger one around it is the smaller one.
    /// </summary>
    private void AddSmallTops(TableGraph graph, RootShape shape, HashSet<(ulong, ulong, ulong)> seen, List<Candidate> found)
    {
        PointerScan pointers = _pointers[(shape.Set | shape.Clear, shape.Set)];
        double places = -Math.Log2(pointers.Frames.Count() + 1);
        foreach (IGrouping<ulong, ulong> frame in graph.SmallTops(shape, pointers, _cancellation).GroupBy(a => a >> TableScan.FrameShift))
        {
            Candidate[] tops = [.. frame.Select(address => CandidateJudge.Judge(graph, shape, address, 0))];
            double siblings = tops.Select(t => t.Entries[0].Target).Distinct().Count() - 1;
            foreach (Candidate top in tops.Where(t => seen.Add((frame.Key, t.Entries[0].Target, t.Entries[^1].Target))))
            {
                // A single pointer to a table is nothing special among so many places; two side by side are.
                double more = top.Content.Children > 1 ? 0 : places + (siblings * graph.Surprise[shape.Height - 1]);
                found.Add(more >= 0 ? top : CandidateJudge.Judge(graph, shape, top.Address, more));
            }
        }
    }

    private static PageTableRoot Root(Candidate candidate, MemoryDump dump)
    {
        RegisterSet registers = RegisterSet.Empty;
        if (candidate.Shape.Control is { } control)
        {
            ulong value = candidate.IsUpperHalf ? control.Upper : control.Lower;
            if (candidate.Upper?.Shape.Control is { } upper)
            {
                // The upper half of the register is for the upper half of the addresses; what is above both is alike.
                value = (value & ~0xffff_0000UL) | upper.Upper;
            }

            registers = registers.With(control.Name, value);
        }

        return new PageTableRoot
        {
            Dump = dump.Identity,
            Mode = candidate.Shape.Mode,
            Root = candidate.Address,
            IsUpperHalf = candidate.IsUpperHalf,
            Root1 = candidate.Upper?.Address,
            Registers = registers,
            RamBase = dump.Memory.RunOf(candidate.Address).Start,
            Score = Math.Round(candidate.Score, 3),
            State = candidate.State,
            Reasons = candidate.Reasons,
            Doubts = candidate.Doubts,
            Tables = candidate.Summary.Tables,
            UserBytes = candidate.Summary.UserBytes,
            SupervisorBytes = candidate.Summary.SupervisorBytes,
        };
    }
}
