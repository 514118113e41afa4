using ElfMmu.Paging;

namespace ElfMmu.Discovery;

/// <summary>
/// Gives candidates their scores: each for itself first, then beside the others. O(candidates times the entries of their top tables).
/// </summary>
internal static class CandidateJudge
{
    // With so many bits of evidence it is even whether a table that fits came about by chance.
    private const double HalfEvidence = 7;

    // How much of a wrong entry one is that leads to a table the dump doesn't hold.
    private const double AbsentTable = 0.5;

    private const double HalfOfSpace = 0.85;
    private const double UpperHalfWeight = 0.1;
    private const double NeverAccessed = 0.6;
    private const double NeverAccessible = 0.3;
    private const double OtherArchitecture = 0.4;
    private const double OtherMode = 0.45;
    private const double Copy = 0.45;
    private const double Kernel = 0.95;
    private const double SmallTable = 0.7;
    private const double PartOfOther = 0.3;

    /// <summary>A table as a candidate, with the score that it has by itself.</summary>
    /// <param name="graph">The tables.</param>
    /// <param name="shape">What it looks like.</param>
    /// <param name="address">Where it is.</param>
    /// <param name="more">What else speaks for it or, if negative, against it, in bits.</param>
    public static Candidate Judge(TableGraph graph, RootShape shape, ulong address, double more)
    {
        TableContent content = graph.Read(address, shape.Height, shape.Entries);
        TreeSummary summary = graph.Summarize(address, shape.Height, shape.Entries);
        var candidate = new Candidate(graph, shape, address)
        {
            Content = content,
            Summary = summary,
        };
        double own = content.Good / Math.Max(1, content.Good + content.Bad + (content.Absent * AbsentTable));
        double below = summary.Good / Math.Max(1, summary.Good + summary.Bad + (summary.Absent * AbsentTable));
        double consistency = Math.Sqrt(own * below);
        candidate.Score = consistency * (1 - Math.Pow(2, -Math.Max(0, graph.Evidence(content, shape) + more) / HalfEvidence));
        if (content.Absent > 0)
        {
            candidate.Doubts.Add($"{Count(content.Absent, "entry", "entries")} of its own lead to tables the dump doesn't hold");
        }

        if (content.Bad > 0)
        {
            candidate.Doubts.Add($"{Count(content.Bad, "entry", "entries")} of its own lead to no table");
        }

        if (summary.Leaves == 0 && !graph.IsCut)
        {
            candidate.Doubt(0, "it maps nothing");
        }
        else if (graph.Family.HasAccessed && summary.AccessedLeaves == 0)
        {
            candidate.Doubt(graph.Family.NeedsAccessed ? NeverAccessible : NeverAccessed, "no page was ever accessed through it");
        }

        candidate.IsUpperHalf = shape.Control != null && summary.UserDataBytes == 0 && !graph.IsIdentity(address, shape);
        if (candidate.IsUpperHalf)
        {
            candidate.Doubt(HalfOfSpace, "it translates only the upper half of the addresses");
        }

        Explain(candidate);
        return candidate;
    }

    /// <summary>How much speaks for the candidates of one family, in bits; each table counts once.</summary>
    public static double Strength(List<Candidate> candidates, ulong frames)
    {
        var explained = new FrameBits(frames);
        FrameBits[]? seen = null;
        double sum = 0;
        foreach (Candidate candidate in candidates.Where(c => c.IsRoot).OrderByDescending(c => c.Shape.Height).ThenBy(c => c, Scores))
        {
            seen ??= [.. candidate.Graph.Tables.Select(t => new FrameBits(frames, t.PartShift))];
            sum += candidate.Score * candidate.Score * (MayBeSmall(candidate) ? SmallTable : 1)
                * candidate.Graph.Mark(candidate.Address, candidate.Shape.Height, candidate.Shape.Entries, explained, seen);
        }

        foreach (Candidate candidate in candidates)
        {
            candidate.FamilyStrength = sum;
        }

        return sum;
    }

    /// <summary>Compares candidates with each other.</summary>
    /// <param name="candidates">The candidates.</param>
    /// <param name="frames">How many frames the dump has.</param>
    public static void Compare(List<Candidate> candidates, ulong frames)
    {
        FindParts(
            [.. candidates.OrderByDescending(c => c.FamilyStrength).ThenByDescending(c => c.Shape.Height).ThenBy(c => c, Scores)], frames);
        FindCopies(candidates);
        CompareModes(candidates);
        PairHalves(candidates);
        candidates.Sort(Scores);
    }

    /// <summary>Best first.</summary>
    public static readonly Comparer<Candidate> Scores = Comparer<Candidate>.Create((a, b) =>
        Math.Round(b.Score, 3).CompareTo(Math.Round(a.Score, 3)) is not 0 and var score ? score
        : b.Summary.Evidence.CompareTo(a.Summary.Evidence) is not 0 and var evidence ? evidence
        : a.Address.CompareTo(b.Address));

    private static void Explain(Candidate candidate)
    {
        TreeSummary summary = candidate.Summary;
        TableContent content = candidate.Content;
        candidate.Reasons.Add(
            $"{Count(content.Good, "entry", "entries")} of its own and {summary.Good - (ulong)Math.Min((ulong)content.Good, summary.Good)} below lead to what they should");
        candidate.Reasons.Add(
            summary.UserBytes > 0 && summary.SupervisorBytes > 0 ? "user and kernel pages"
            : summary.UserBytes > 0 ? "user pages" : "kernel pages");
        if (summary.LargeLeaves > 0)
        {
            candidate.Reasons.Add(Count(summary.LargeLeaves, "aligned large page", "aligned large pages"));
        }

        if (candidate.Graph.SelfMap(candidate.Address, candidate.Shape) is { } index)
        {
            candidate.Reasons.Add($"maps itself at entry {index}");
        }
    }

    /// <summary>A table below a better candidate's is no root of its own.</summary>
    private static void FindParts(IReadOnlyList<Candidate> candidates, ulong frames)
    {
        var explained = new FrameBits(frames);
        var seen = new Dictionary<TableGraph, FrameBits[]>();
        foreach (Candidate candidate in candidates)
        {
            candidate.Graph.TryFrame(candidate.Address, out ulong frame);
            if (explained[frame])
            {
                candidate.State = RootState.Part;
                candidate.Doubt(PartOfOther, "it is a table below another root");
            }
            else if (candidate.IsRoot)
            {
                if (!seen.TryGetValue(candidate.Graph, out FrameBits[]? bits))
                {
                    seen[candidate.Graph] = bits = [.. candidate.Graph.Tables.Select(t => new FrameBits(frames, t.PartShift))];
                }

                candidate.OwnEvidence = candidate.Graph.Mark(candidate.Address, candidate.Shape.Height, candidate.Shape.Entries, explained, bits);
            }
        }
    }

    /// <summary>Roots that have the same content, and those that have nothing but a kernel half that others have too.</summary>
    private static void FindCopies(List<Candidate> candidates)
    {
        var kernels = new Dictionary<(TableGraph, int, ulong), int>();
        var contents = new Dictionary<(TableGraph, string), Candidate>();
        List<Candidate> roots = [.. candidates.Where(c => c.State == RootState.Live && c.IsRoot).Order(Scores)];
        foreach (Candidate root in roots)
        {
            foreach (TopEntry entry in root.Entries.Where(e => !e.IsUser))
            {
                kernels[(root.Graph, entry.Index, entry.Target)] = kernels.GetValueOrDefault((root.Graph, entry.Index, entry.Target)) + 1;
            }
        }

        FindStale(roots);
        foreach (Candidate root in roots.Where(r => r.State == RootState.Live))
        {
            int others = root.Entries.Where(e => !e.IsUser)
                .Select(e => kernels[(root.Graph, e.Index, e.Target)] - 1).DefaultIfEmpty(0).Max();
            if (others > 0)
            {
                root.Reasons.Add($"kernel half shared with {Count(others, "other root", "other roots")}");
            }

            string content = string.Join(' ', root.Entries.Select(e => $"{e.Index:x}:{e.Target:x}"));
            if (!contents.TryAdd((root.Graph, content), root))
            {
                root.State = RootState.Duplicate;
                root.Doubt(Copy, $"its entries are those of 0x{contents[(root.Graph, content)].Address:x}");
            }
            else if (others > 0 && root.Summary.UserDataBytes == 0)
            {
                root.State = root.Content.Bad > 0 ? RootState.Stale : RootState.KernelOnly;
                root.Doubt(root.Content.Bad > 0 ? Copy : Kernel, "it maps no user pages: the kernel's own table, or one that was freed");
            }
        }

        foreach (IGrouping<RootShape, Candidate> halves in roots.Where(r => r.IsUpperHalf && r.IsRoot).GroupBy(r => r.Shape))
        {
            FindOldHalves([.. halves.OrderByDescending(h => h.Entries.Count)]);
        }
    }

    /// <summary>
    /// Where the upper half has a root of its own, a kernel has one for all; what has some of its entries, or others at the same
    /// addresses, is an older one.
    /// </summary>
    private static void FindOldHalves(List<Candidate> halves)
    {
        var current = halves[0].Entries.ToDictionary(e => e.Index, e => e.Target);
        foreach (Candidate half in halves.Skip(1))
        {
            int same = half.Entries.Count(e => current.TryGetValue(e.Index, out ulong target) && target == e.Target);
            if (same > 0 && half.Entries.All(e => current.ContainsKey(e.Index)))
            {
                half.State = RootState.Stale;
                half.Doubt(Copy, $"it looks like an older 0x{halves[0].Address:x}");
            }
        }
    }

    /// <summary>
    /// A table of a process is in use at one address. Where a root has another root's user table at another index, one of them was
    /// freed, and its table given to the other: the one that less speaks for.
    /// </summary>
    private static void FindStale(List<Candidate> roots)
    {
        var owners = new Dictionary<(TableGraph, ulong), (Candidate Root, int Index)>();
        foreach (Candidate root in roots)
        {
            List<TopEntry> own = [.. root.Entries.Where(e => e.IsUser && e.Summary.Tables > 0)];
            int taken = 0;
            foreach (TopEntry entry in own)
            {
                if (owners.TryGetValue((root.Graph, entry.Target), out (Candidate Root, int Index) owner))
                {
                    taken += owner.Root != root && owner.Index != entry.Index ? 1 : 0;
                }
                else
                {
                    owners.Add((root.Graph, entry.Target), (root, entry.Index));
                }
            }

            if (taken * 2 > own.Count)
            {
                root.State = RootState.Stale;
                root.Doubt(Copy, "its tables are another root's now, at other addresses: it was freed");
            }
        }
    }

    /// <summary>A machine has one architecture, and mostly one mode.</summary>
    private static void CompareModes(List<Candidate> candidates)
    {
        IEnumerable<Candidate> roots = candidates.Where(c => c.IsRoot);
        var architectures = roots.GroupBy(c => c.Graph.Family.Architecture).ToDictionary(g => g.Key, g => g.Sum(Weight));
        if (architectures.Count == 0)
        {
            return;
        }

        // The kernel's half can have another size than the processes' have, and there may be no process.
        Architecture first = architectures.MaxBy(a => a.Value).Key;
        var modes = roots.GroupBy(c => (c.Shape.Mode, c.Shape.Height))
            .ToDictionary(g => g.Key, g => g.Sum(c => Weight(c) * (c.IsUpperHalf ? UpperHalfWeight : 1)));
        (PagingMode Mode, int Height) firstMode = modes.Where(m => m.Key.Mode.Architecture == first).MaxBy(m => m.Value).Key;
        foreach (Candidate candidate in candidates)
        {
            (PagingMode, int) mode = (candidate.Shape.Mode, candidate.Shape.Height);
            if (candidate.Graph.Family.Architecture != first)
            {
                candidate.Doubt(OtherArchitecture, MostAre(first));
            }
            else if (mode != firstMode && !IsUpperHalf(candidate, firstMode.Mode))
            {
                candidate.Doubt(OtherMode, firstMode.Mode == candidate.Shape.Mode
                    ? "most roots have another number of levels"
                    : $"most roots are of mode {firstMode.Mode.Name}");
            }
        }
    }

    /// <summary>Whether a table can be that of the kernel's half beside those of another size that processes have.</summary>
    private static bool IsUpperHalf(Candidate candidate, PagingMode mode) =>
        candidate.Shape.Mode == mode && candidate.Shape.Control != null && candidate.IsUpperHalf;

    /// <summary>In modes with two roots, finds those of the upper half and gives the best one to the others.</summary>
    private static void PairHalves(List<Candidate> candidates)
    {
        foreach (IGrouping<PagingMode, Candidate> group in candidates.Where(c => c.IsRoot).GroupBy(c => c.Shape.Mode))
        {
            Candidate? upper = group.Where(c => c.IsUpperHalf).MaxBy(c => c.Score);
            foreach (Candidate lower in group.Where(c => !c.IsUpperHalf && c.Shape.Control != null))
            {
                lower.Upper = upper;
            }
        }
    }

    /// <summary>A root of another kind of tables than those that most speaks for.</summary>
    public static PageTableRoot OtherThan(Architecture architecture, PageTableRoot root) => root.Mode.Architecture == architecture
        ? root
        : root with { Score = Math.Round(root.Score * OtherArchitecture, 3), Doubts = [.. root.Doubts, MostAre(architecture)] };

    private static string MostAre(Architecture architecture) => $"most tables in the dump are of {architecture}";

    /// <summary>Whether a whole table of one family may be a small one of another: nothing in it stands outside of 32 bytes.</summary>
    private static bool MayBeSmall(Candidate candidate) =>
        candidate.Shape.Entries > 4 && candidate.Entries.Count > 1 && candidate.Entries[0].Index >> 2 == candidate.Entries[^1].Index >> 2;

    private static double Weight(Candidate candidate) => candidate.Score * candidate.Score * candidate.OwnEvidence;

    private static string Count(long number, string one, string several) => $"{number} {(number == 1 ? one : several)}";

    private static string Count(ulong number, string one, string several) => Count((long)number, one, several);
}
