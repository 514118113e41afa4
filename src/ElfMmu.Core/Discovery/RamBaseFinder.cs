namespace ElfMmu.Discovery;

/// <summary>
/// Finds where the first byte of an image was in physical memory: what the tables in it point at must be tables, and only the right
/// place makes it so. O(frames that can be tables), times a constant number of samples.
/// </summary>
internal sealed class RamBaseFinder
{
    private const int MostPatterns = 64;
    private const int MostPointers = 24;
    private const long MostWork = 20_000_000;
    private const int MostPlaces = 4;
    private const int MostInRow = 8;
    private const double NextInRow = 0.25;

    // RAM starts at a round address: how round at least, and how much a rounder one is preferred, in bits for each power of two.
    private const int LeastRoundness = 16 - TableScan.FrameShift;
    private const double Roundness = 1.5;
    private const int MostRoundness = 18;

    // Where RAM starts in most machines. They are tried too, and have to convince like others.
    private static readonly ulong[] Common = [0, 0x4000_0000, 0x8000_0000];

    private readonly TableScan _scan;
    private readonly FrameBits _zeros;
    private readonly ulong _frames;
    private readonly List<ulong> _tables;
    private readonly List<ulong[]> _patterns;
    private readonly double _surprise;

    private RamBaseFinder(TableGraph graph, TableScan scan, FrameBits zeros, ulong frames)
    {
        _scan = scan;
        _zeros = zeros;
        _frames = frames;
        _tables = [.. Frames().Distinct()];
        _patterns = Patterns(graph);
        _surprise = Math.Max(0.1, Math.Log2((frames + 1.0) / (_tables.Count + 1.0)));
    }

    /// <summary>The likely places of an image's first byte, best first, each with what speaks for it in bits; none if nothing does.</summary>
    /// <param name="graph">A family's tables in the image as if it started at 0; not closed.</param>
    /// <param name="scan">Where tables can be.</param>
    /// <param name="zeros">The frames that are empty.</param>
    /// <param name="frames">How many frames there are.</param>
    public static IReadOnlyList<(ulong Place, double Evidence)> Find(TableGraph graph, TableScan scan, FrameBits zeros, ulong frames)
    {
        var finder = new RamBaseFinder(graph, scan, zeros, frames);
        return
        [
            .. finder.Vote()
                .Select(place => (Place: place << TableScan.FrameShift, Evidence: finder.Evidence(place)))
                .Where(place => place.Evidence > 0)
                .OrderByDescending(place => place.Evidence + Preference(place.Place))
                .Take(MostPlaces),
        ];
    }

    /// <summary>How much rounder places are preferred, in bits.</summary>
    public static double Preference(ulong place) =>
        Roundness * (place == 0 ? MostRoundness : Math.Min(MostRoundness, System.Numerics.BitOperations.TrailingZeroCount(place >> TableScan.FrameShift)));

    private IEnumerable<ulong> Frames() => _scan.Last.Indexes().Select(i => i >> _scan.Last.PartShift).Concat(_scan.Directory.Indexes());

    /// <summary>
    /// What tables point at: of those that point at most, and one more pattern of one pointer from each of many tables.
    /// </summary>
    private List<ulong[]> Patterns(TableGraph graph)
    {
        var patterns = new List<ulong[]>();
        var seen = new HashSet<(ulong, ulong, int)>();
        var singles = new HashSet<ulong>();
        foreach ((_, ulong address) in graph.Directories())
        {
            ulong[] pointers = graph.Pointers(address);
            if (pointers.Length > MostInRow)
            {
                pointers = Starts(pointers);
            }

            if (pointers.Length == 0 || !seen.Add((pointers[0], pointers[^1], pointers.Length)))
            {
                continue;
            }

            singles.Add(pointers[0]);
            if (pointers.Length > 1)
            {
                patterns.Add(pointers);
            }
        }

        patterns.Sort((a, b) => b.Length.CompareTo(a.Length));
        if (patterns.Count > MostPatterns)
        {
            // The largest tables may be something else altogether: half of them are others.
            int step = patterns.Count / (MostPatterns / 2);
            patterns = [.. patterns.Take(MostPatterns / 2), .. patterns.Skip(MostPatterns / 2).Where((_, i) => i % step == 0)];
        }

        if (singles.Count > 1)
        {
            patterns.Add([.. singles.Order()]);
        }

        return [.. patterns.Select(Sample)];
    }

    /// <summary>The first ones of rows: a row of pointers fits wherever a row of tables is.</summary>
    private ulong[] Starts(ulong[] pointers) =>
        [.. pointers.Where((p, i) => i == 0 || p - pointers[i - 1] != 1UL << _scan.LastShift)];

    private static ulong[] Sample(ulong[] pointers) => pointers.Length <= MostPointers
        ? pointers
        : [.. Enumerable.Range(0, MostPointers).Select(i => pointers[(long)i * pointers.Length / MostPointers])];

    /// <summary>The places that make any pattern fit, those that make most fit first.</summary>
    private IEnumerable<ulong> Vote()
    {
        var votes = new Dictionary<ulong, double>();
        int most = (int)Math.Clamp(MostWork / Math.Max(1, _tables.Count * 12L), 4, MostPatterns + 1);
        foreach (ulong[] pattern in _patterns.TakeLast(1).Concat(_patterns).Take(most))
        {
            foreach (ulong anchor in new[] { pattern[0], pattern[pattern.Length / 2], pattern[^1] }.Distinct())
            {
                foreach (ulong table in _tables)
                {
                    ulong place = (anchor >> TableScan.FrameShift) - table;
                    if (anchor >> TableScan.FrameShift >= table && (place & ((1 << LeastRoundness) - 1)) == 0 && Fits(pattern, place) is > 0 and var evidence)
                    {
                        votes[place] = votes.GetValueOrDefault(place) + evidence;
                    }
                }
            }
        }

        return votes.OrderByDescending(v => v.Value + Preference(v.Key << TableScan.FrameShift)).Take(32).Select(v => v.Key)
            .Union(Common.Select(c => c >> TableScan.FrameShift));
    }

    /// <summary>What speaks for a place: 0 if so many pointers miss that it isn't worth counting the rest.</summary>
    private double Fits(ulong[] pattern, ulong place)
    {
        int hits = 0;
        int rows = 0;
        int misses = 0;
        ulong last = 0;
        foreach (ulong pointer in pattern)
        {
            switch (Hits(pointer, place))
            {
                case true:
                    hits++;
                    rows += pointer - last == 1UL << _scan.LastShift ? 0 : 1;
                    break;
                case false when ++misses > 4 + (2 * hits):
                    return 0;
            }

            last = pointer;
        }

        // Tables that stand in a row are hit by any row of pointers.
        return hits < 2 ? 0 : Math.Max(0, ((rows + ((hits - rows) * NextInRow)) * _surprise) - misses);
    }

    /// <summary>What speaks for a place in all patterns that fit, each pointer once.</summary>
    private double Evidence(ulong place)
    {
        var counted = new HashSet<ulong>();
        return _patterns.Select(p => (Pattern: p, Evidence: Fits(p, place)))
            .Where(p => p.Evidence > 0)
            .Sum(p => p.Evidence * p.Pattern.Count(counted.Add) / p.Pattern.Length);
    }

    /// <summary>Whether a pointer hits a table; null where it hits an empty frame, which may be an empty table.</summary>
    private bool? Hits(ulong pointer, ulong place)
    {
        ulong frame = (pointer >> TableScan.FrameShift) - place;
        if (frame >= _frames)
        {
            return false;
        }

        ulong part = (pointer & 0xfff) >> (TableScan.FrameShift - _scan.Last.PartShift);
        return _scan.Last[(frame << _scan.Last.PartShift) | part] || _scan.Directory[frame] ? true : _zeros[frame] ? null : false;
    }
}
