using System.Numerics;
using ElfMmu.Dumps;

namespace ElfMmu.Discovery;

/// <summary>
/// Finds where the bytes of an image were in physical memory: what the tables in it point at must be tables, and only the right
/// place makes it so. O(frames that can be tables), times a constant number of samples.
/// </summary>
internal sealed class RamBaseFinder
{
    private const int MostPatterns = 64;
    private const int MostPointers = 24;
    private const long MostWork = 20_000_000;
    private const int MostPlaces = 2;
    private const int MostVotes = 32;
    private const double NextInRow = 0.25;

    // What has to speak for a second piece of RAM, in bits.
    private const double SecondPiece = 30;
    private const int MostOfOneRoundness = 2;
    private const int MostSecond = 4096;
    private const int MostLayouts = 16;

    // Of so many pointers one has to go beyond the image; and how large a hole can be, in frames.
    private const int LeastBeyond = 10;
    private const ulong MostHole = 1UL << (36 - TableScan.FrameShift);

    // RAM starts at a round address: how round at least, and how much a rounder one is preferred, in bits for each power of two.
    private const int LeastRoundness = 16 - TableScan.FrameShift;
    private const double Roundness = 1.5;
    private const int MostRoundness = 18;

    // Where RAM starts in most machines. They are tried too, and have to convince like others.
    private static readonly ulong[] Common = [0, 0x4000_0000, 0x8000_0000];

    private readonly TableScan _scan;
    private readonly FrameBits _zeros;
    private readonly ulong _frames;
    private readonly FrameBits _tables;
    private readonly ulong _tableCount;
    private readonly double _surprise;
    private readonly List<ulong[]> _patterns;

    /// <summary>Gathers what tables point at.</summary>
    /// <param name="graph">A family's tables in the image as if it started at 0; not closed.</param>
    /// <param name="scan">Where tables can be.</param>
    /// <param name="zeros">The frames that are empty.</param>
    /// <param name="frames">How many frames there are.</param>
    public RamBaseFinder(TableGraph graph, TableScan scan, FrameBits zeros, ulong frames)
    {
        _scan = scan;
        _zeros = zeros;
        _frames = frames;
        _tables = new FrameBits(frames);
        foreach (ulong index in scan.Last.Indexes())
        {
            _tables.Set(index >> scan.Last.PartShift);
        }

        foreach (ulong index in scan.Directory.Indexes())
        {
            _tables.Set(index);
        }

        _tableCount = _tables.Count();
        _surprise = Math.Max(0.1, Math.Log2((frames + 1.0) / (_tableCount + 1.0)));
        _patterns = Patterns(graph);
    }

    /// <summary>The likely places of the image's first byte, best first; none if nothing speaks for any.</summary>
    /// <param name="preference">How much a place is preferred for other reasons, in bits.</param>
    public IReadOnlyList<ulong> Places(Func<ulong, double> preference)
    {
        double[] shares = Shares(_patterns);
        return
        [
            .. Vote(_patterns, MostVotes)
                .Union(Common.Select(c => c >> TableScan.FrameShift))
                .Select(place => (Place: place << TableScan.FrameShift, Evidence: Evidence(_patterns, shares, place)))
                .Where(place => place.Evidence > 0)
                .OrderByDescending(place => place.Evidence + preference(place.Place))
                .Take(MostPlaces)
                .Select(place => place.Place),
        ];
    }

    /// <summary>
    /// How the image may have been in two pieces, when one of them was at a place that is known: what doesn't hit a table there, hits
    /// them at another place. What speaks most for a place by its pointers alone can be chance, so that there are several, of every
    /// roundness those that most speaks for.
    /// </summary>
    public IReadOnlyList<RawLayout> InTwoPieces(ulong known)
    {
        ulong place = known >> TableScan.FrameShift;
        if (!ReachesBeyond(place))
        {
            return [];
        }

        List<ulong[]> rest = [.. _patterns.Select(p => p.Where(pointer => Hits(pointer, place) == false).ToArray()).Where(p => p.Length > 1)];
        double[] shares = Shares(rest);
        return
        [
            .. Vote(rest, MostSecond)
                .Where(other => other != place)
                .Select(other => (Place: other, Evidence: Evidence(rest, shares, other)))
                .Where(other => other.Evidence >= SecondPiece)
                .GroupBy(other => Math.Min(RoundnessOf(other.Place), MostRoundness))
                .OrderByDescending(round => round.Key)
                .SelectMany(round => round.OrderByDescending(other => other.Evidence).Take(MostOfOneRoundness))
                .Take(MostLayouts)
                .Select(other => Divide(Math.Min(place, other.Place), Math.Max(place, other.Place)))
                .OfType<RawLayout>(),
        ];
    }

    /// <summary>
    /// Whether what tables at a place point at goes on behind the image's end: RAM behind a hole does, and devices are few.
    /// </summary>
    private bool ReachesBeyond(ulong place)
    {
        ulong[] pointers = [.. _patterns.Where(p => p.Any(pointer => Hits(pointer, place) == true)).SelectMany(p => p).Distinct()];
        ulong end = place + _frames;
        int beyond = pointers.Count(p => p >> TableScan.FrameShift >= end && (p >> TableScan.FrameShift) - end < MostHole + (_frames * 16));
        return beyond * LeastBeyond > pointers.Length;
    }

    /// <summary>How much rounder places are preferred, in bits.</summary>
    public static double Preference(ulong place) => Roundness * Math.Min(MostRoundness, RoundnessOf(place >> TableScan.FrameShift));

    private static int RoundnessOf(ulong frame) => BitOperations.TrailingZeroCount(frame);

    /// <summary>
    /// Where the lower piece ends and the upper one begins: so that the fewest hits are on the wrong side, and at the roundest
    /// address, since holes end at round ones.
    /// </summary>
    private RawLayout? Divide(ulong low, ulong high)
    {
        var sides = new SortedDictionary<ulong, int>();
        foreach (ulong pointer in _patterns.SelectMany(p => p).Distinct())
        {
            bool below = Hits(pointer, low) == true;
            bool above = Hits(pointer, high) == true;
            if (below != above)
            {
                ulong frame = (pointer >> TableScan.FrameShift) - (below ? low : high);
                sides[frame] = sides.GetValueOrDefault(frame) + (below ? 1 : -1);
            }
        }

        // With the boundary behind a frame, hits of the lower place up to it and of the upper one behind it are right.
        int right = 0;
        int best = 0;
        ulong first = 0;
        ulong last = 0;
        ulong[] frames = [.. sides.Keys];
        for (int i = 0; i < frames.Length; i++)
        {
            right += sides[frames[i]];
            if (right > best)
            {
                best = right;
                first = frames[i] + 1;
                last = i + 1 < frames.Length ? frames[i + 1] : _frames - 1;
            }
        }

        if (best == 0 || last >= _frames)
        {
            return null;
        }

        ulong boundary = first;
        for (int bits = 52; bits >= 0; bits--)
        {
            ulong round = (((first + high - 1) >> bits) + 1) << bits;
            if (round >= high && round - high <= last)
            {
                boundary = round - high;
                break;
            }
        }

        return new RawLayout(
            [new RawPiece(0, low << TableScan.FrameShift), new RawPiece(boundary << TableScan.FrameShift, (boundary + high) << TableScan.FrameShift)]);
    }

    /// <summary>
    /// What tables point at: of those that point at most, of others here and there, and one more pattern of one pointer from each of
    /// many tables.
    /// </summary>
    private List<ulong[]> Patterns(TableGraph graph)
    {
        var largest = new PriorityQueue<ulong[], int>();
        var others = new List<ulong[]>();
        var seen = new HashSet<(ulong, ulong, int)>();
        var singles = new SortedSet<ulong>();
        int turn = 0;
        int every = 1;
        foreach ((_, ulong address) in graph.Directories())
        {
            ulong[] pointers = Sample(graph.Pointers(address));
            if (pointers.Length == 0 || !seen.Add((pointers[0], pointers[^1], pointers.Length)))
            {
                continue;
            }

            if (seen.Count > MostPatterns * 64)
            {
                seen.Clear();
            }

            if (singles.Count < MostPatterns * MostPointers)
            {
                singles.Add(pointers[0]);
            }

            if (pointers.Length == 1)
            {
                continue;
            }

            ulong[] left = largest.Count < MostPatterns / 2 ? [] : largest.EnqueueDequeue(pointers, pointers.Length);
            if (left.Length == 0)
            {
                largest.Enqueue(pointers, pointers.Length);
            }
            else if (turn++ % every == 0)
            {
                // Every second one goes, and from then on only half as many come.
                others.Add(left);
                if (others.Count == MostPatterns)
                {
                    others = [.. others.Where((_, i) => i % 2 == 0)];
                    every *= 2;
                }
            }
        }

        List<ulong[]> patterns = [.. largest.UnorderedItems.OrderByDescending(p => p.Priority).Select(p => p.Element), .. others];
        if (singles.Count > 1)
        {
            patterns.Insert(0, Sample([.. singles]));
        }

        return patterns;
    }

    private static ulong[] Sample(IReadOnlyList<ulong> pointers) =>
    [
        .. Enumerable.Range(0, Math.Min(pointers.Count, MostPointers))
            .Select(i => pointers[(int)((long)i * pointers.Count / Math.Min(pointers.Count, MostPointers))])
            .Distinct()
            .Order(),
    ];

    /// <summary>The places that make any pattern fit, those that make most fit first.</summary>
    private IEnumerable<ulong> Vote(List<ulong[]> patterns, int most)
    {
        var votes = new Dictionary<ulong, double>();
        int samples = (int)Math.Clamp(MostWork / Math.Max(1, (long)_tableCount * 12), 4, (2 * MostPatterns) + 1);
        foreach (ulong[] pattern in patterns.Take(samples))
        {
            foreach (ulong anchor in new[] { pattern[0], pattern[pattern.Length / 2], pattern[^1] }.Distinct())
            {
                ulong frame = anchor >> TableScan.FrameShift;
                foreach (ulong table in _tables.Indexes())
                {
                    ulong place = frame - table;
                    if (frame >= table && RoundnessOf(place) >= LeastRoundness && Fits(pattern, place) is > 0 and var evidence)
                    {
                        votes[place] = votes.GetValueOrDefault(place) + evidence;
                    }
                }
            }
        }

        return votes.OrderByDescending(v => v.Value + Preference(v.Key << TableScan.FrameShift)).Take(most).Select(v => v.Key);
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

    /// <summary>What speaks for a place in all patterns.</summary>
    /// <param name="patterns">The patterns.</param>
    /// <param name="shares">How much of each pattern is in none before it, so that a pointer counts once.</param>
    /// <param name="place">The place, in frames.</param>
    private double Evidence(List<ulong[]> patterns, double[] shares, ulong place)
    {
        double sum = 0;
        for (int i = 0; i < shares.Length; i++)
        {
            sum += shares[i] == 0 ? 0 : Fits(patterns[i], place) * shares[i];
        }

        return sum;
    }

    private static double[] Shares(List<ulong[]> patterns)
    {
        var counted = new HashSet<ulong>();
        return [.. patterns.Select(p => (double)p.Count(counted.Add) / p.Length)];
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
