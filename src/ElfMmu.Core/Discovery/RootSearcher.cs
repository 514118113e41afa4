using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Discovery;

/// <summary>One search for roots.</summary>
internal sealed class RootSearcher : IDisposable
{
    private readonly MemoryDump _dump;
    private readonly RootSearchOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly List<MemoryDump> _placed = [];
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
        _scans = [.. _families.Select(f => f.NewScan(dump.Memory))];
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
        FrameScan frames = FrameScan.Run(_dump.Memory, _scans, [.. _pointers.Values], _options.Progress, _cancellation);
        var candidates = new List<Candidate>();
        var dumps = new Dictionary<TableGraph, MemoryDump>();
        for (int i = 0; i < _families.Length; i++)
        {
            foreach (MemoryDump dump in Places(_families[i], _scans[i], frames))
            {
                TableGraph graph = _families[i].NewGraph(_paging, dump.Memory, dump.Map, _scans[i], frames.Zeros);
                graph.Close(_cancellation);
                dumps[graph] = dump;
                candidates.AddRange(Tops(graph));
            }
        }

        CandidateJudge.Compare(candidates, _dump.Memory.PageCount);
        PageTableRoot[] roots = [.. candidates.Where(c => c.Score >= leastScore).Select(c => Root(c, dumps[c.Graph]))];
        return new RootSearch { Dump = roots is [var best, ..] ? best.Dump : _dump.Identity, Roots = roots };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (MemoryDump dump in _placed)
        {
            dump.Dispose();
        }
    }

    private IEnumerable<RootShape> Shapes() => _families.SelectMany(f => f.Shapes).Where(s => _modes.Contains(s.Mode));

    /// <summary>The dump, or a raw image at the places where a family's tables in it make sense.</summary>
    private IEnumerable<MemoryDump> Places(TableFamily family, TableScan scan, FrameScan frames)
    {
        if (_dump.IsPlaced)
        {
            yield return _dump;
            yield break;
        }

        TableGraph graph = family.NewGraph(_paging, _dump.Memory, _dump.Map, scan, frames.Zeros);
        foreach ((ulong place, _) in RamBaseFinder.Find(graph, scan, frames.Zeros, _dump.Memory.PageCount).Take(2))
        {
            if (place <= ulong.MaxValue - _dump.Memory.Size)
            {
                MemoryDump dump = (_dump.Identity with { RamBase = place }).Reopen(_cancellation);
                _placed.Add(dump);
                yield return dump;
            }
        }
    }

    private IEnumerable<Candidate> Tops(TableGraph graph)
    {
        foreach (RootShape shape in graph.Family.Shapes.Where(s => _modes.Contains(s.Mode)))
        {
            IEnumerable<ulong> tops = graph.IsWhole(shape) ? graph.Tops(shape.Height)
                : graph.SmallTops(shape, _pointers[(shape.Set | shape.Clear, shape.Set)], _cancellation);
            foreach (ulong address in tops)
            {
                yield return CandidateJudge.Judge(graph, shape, address);
            }
        }
    }

    private PageTableRoot Root(Candidate candidate, MemoryDump dump)
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
            RamBase = dump.Memory.Runs[0].Start,
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
