using System.Numerics;
using ElfMmu.Intervals;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Searching;

/// <summary>
/// What is searched: stretches of an address space, or of physical memory, and the physical memory behind them, each byte once. O(n log n)
/// to make for n mappings; never changed.
/// </summary>
internal sealed class SearchScope
{
    private readonly Strand[] _strands;
    private readonly IntervalIndex<int> _byPhysical;
    private readonly int[] _borders;
    private readonly ulong[] _borderLasts;
    private readonly ulong[] _joints;
    private readonly Interval[] _islands;
    private readonly ulong[] _before;

    private SearchScope(List<Strand> strands, bool isPhysical)
    {
        IsPhysical = isPhysical;
        _strands = [.. strands];
        int[] order = new int[_strands.Length];
        ulong[] starts = new ulong[_strands.Length];
        ulong skew = 0;
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
            starts[i] = _strands[i].Physical;
            skew |= _strands[i].Virtual - _strands[i].Physical;
        }

        Array.Sort(starts, order);
        _byPhysical = new IntervalIndex<int>(
            order, i => Interval.FromStartAndLast(_strands[i].Physical, _strands[i].LastPhysical));
        _islands = Union(order);
        _before = new ulong[_islands.Length + 1];
        for (int i = 0; i < _islands.Length; i++)
        {
            _before[i + 1] = _before[i] + _islands[i].Size;
        }

        _borders = [.. order.Where(i => _strands[i].HasNext)];
        _borderLasts = [.. _borders.Select(i => _strands[i].LastPhysical)];
        Array.Sort(_borderLasts, _borders);
        _joints = [.. _borders.Select(i => _strands[i + 1].Physical).Order()];
        Alignment = skew == 0 ? SearchPattern.MostAlignment : 1 << Math.Min(12, BitOperations.TrailingZeroCount(skew));
    }

    /// <summary>Whether physical memory is searched; addresses are physical ones then.</summary>
    public bool IsPhysical { get; }

    /// <summary>How many bytes of physical memory are searched.</summary>
    public ulong Size => _before[^1];

    /// <summary>The largest alignment that virtual addresses share with the physical ones they lead to.</summary>
    public int Alignment { get; }

    /// <summary>The stretches in the order of their virtual addresses.</summary>
    public ReadOnlySpan<Strand> Strands => _strands;

    /// <summary>The physical memory, ascending and disjoint; no two touch.</summary>
    public ReadOnlySpan<Interval> Islands => _islands;

    /// <summary>The mappings of a space that a request asks for.</summary>
    public static SearchScope Of(SpaceMap map, SearchRequest request)
    {
        ReadOnlySpan<Mapping> mappings = map.Mappings;
        var strands = new List<Strand>();
        for (int i = FirstFrom(mappings, request.MinimumAddress);
            i < mappings.Length && mappings[i].VirtualAddress <= request.MaximumAddress;
            i++)
        {
            ref readonly Mapping mapping = ref mappings[i];
            if (mapping.Kind == RegionKind.Ram && request.Filter.Accepts(mapping.Attributes))
            {
                ulong first = Math.Max(mapping.VirtualAddress, request.MinimumAddress);
                ulong last = Math.Min(mapping.LastAddress, request.MaximumAddress);
                Append(strands, first, mapping.PhysicalAddress + (first - mapping.VirtualAddress), last - first + 1);
            }
        }

        return new SearchScope(strands, isPhysical: false);
    }

    /// <summary>The physical memory that a request asks for.</summary>
    public static SearchScope Of(PhysicalMemory memory, SearchRequest request)
    {
        var strands = new List<Strand>();
        foreach (PhysicalRun run in memory.Runs)
        {
            ulong first = Math.Max(run.Start, request.MinimumAddress);
            ulong last = Math.Min(run.Last, request.MaximumAddress);
            if (first <= last)
            {
                Append(strands, first, first, last - first + 1);
            }
        }

        return new SearchScope(strands, isPhysical: true);
    }

    /// <summary>The strands that have bytes in a range of physical memory, in no particular order.</summary>
    public IntervalMatches<int> Find(ulong first, ulong last) => _byPhysical.Find(Interval.FromStartAndLast(first, last));

    /// <summary>
    /// The strands that go on in virtual memory only and whose last bytes a range of physical memory holds: in the order of their last
    /// addresses.
    /// </summary>
    /// <param name="first">The first address.</param>
    /// <param name="last">The last address of the range in which the strand's last address lies.</param>
    public ReadOnlySpan<int> Borders(ulong first, ulong last)
    {
        int from = LowerBound(_borderLasts, first);
        int to = last == ulong.MaxValue ? _borderLasts.Length : LowerBound(_borderLasts, last + 1);
        return _borders.AsSpan(from, to - from);
    }

    /// <summary>The number of the first island that ends at or behind an address.</summary>
    public int IslandFrom(ulong address)
    {
        int low = 0;
        for (int high = _islands.Length; low < high;)
        {
            int middle = (low + high) >>> 1;
            (low, high) = _islands[middle].Last < address ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Cuts the physical memory into windows, ascending. What is in large holes is left out where nothing can be found in it.</summary>
    /// <param name="holeEnd">
    /// Gives the end of the hole that an address lies in, in memory without a gap, or the address itself where it lies in none; null where
    /// holes are to be searched like all else.
    /// </param>
    /// <param name="mostLength">The most bytes that a hit has.</param>
    public IEnumerable<SearchWindow> Windows(Func<ulong, ulong>? holeEnd, int mostLength)
    {
        ulong position = 0;
        for (int i = 0; i < _islands.Length;)
        {
            Interval island = _islands[i];
            position = Math.Max(position, island.Start);
            if (holeEnd != null && PastHole(holeEnd, position, island, mostLength) is var next && next > position)
            {
                position = next;
                continue;
            }

            ulong last = position | (SearchWindow.MostSize - 1);
            while (i < _islands.Length && _islands[i].Last <= last)
            {
                i++;
            }

            bool isInside = i < _islands.Length && _islands[i].Start <= last;
            ulong done = isInside ? _before[i] + (last - _islands[i].Start + 1) : _before[i];
            yield return new SearchWindow(position, isInside ? last : _islands[i - 1].Last, done);
            if (last == ulong.MaxValue)
            {
                break;
            }

            position = last + 1;
        }
    }

    /// <summary>Where searching goes on when an address lies in a hole so large that windows can be left out; else the address.</summary>
    private ulong PastHole(Func<ulong, ulong> holeEnd, ulong position, Interval island, int mostLength)
    {
        ulong back = (ulong)mostLength;
        ulong end = Math.Min(holeEnd(position), island.Last);

        // A strand that ends in the hole may go on elsewhere, with something that makes a hit of the zeros before.
        int border = LowerBound(_borderLasts, position);
        end = border < _borderLasts.Length ? Math.Min(end, _borderLasts[border]) : end;

        // A hit at the start of the hole may depend on what is before it, and one at the start of a strand on the strand before that.
        ulong before = position - Math.Min(back, position - island.Start);
        int joint = LowerBound(_joints, before);
        end = joint < _joints.Length ? Math.Min(end, _joints[joint]) : end;
        return end > position && end - position > back + SearchWindow.MostSize && holeEnd(before) >= position ? end - back : position;
    }

    private static void Append(List<Strand> strands, ulong start, ulong physical, ulong size)
    {
        if (strands.Count > 0 && strands[^1] is var last && last.LastVirtual + 1 == start && start != 0)
        {
            if (last.LastPhysical + 1 == physical && physical != 0)
            {
                strands[^1] = last with { Size = last.Size + size };
                return;
            }

            strands[^1] = last with { HasNext = true };
        }

        strands.Add(new Strand(start, physical, size, HasNext: false));
    }

    private static int FirstFrom(ReadOnlySpan<Mapping> mappings, ulong address)
    {
        int low = 0;
        for (int high = mappings.Length; low < high;)
        {
            int middle = (low + high) >>> 1;
            (low, high) = mappings[middle].LastAddress < address ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static int LowerBound(ulong[] sorted, ulong value)
    {
        int low = 0;
        for (int high = sorted.Length; low < high;)
        {
            int middle = (low + high) >>> 1;
            (low, high) = sorted[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private Interval[] Union(int[] order)
    {
        var islands = new List<Interval>();
        foreach (int i in order)
        {
            Interval next = Interval.FromStartAndLast(_strands[i].Physical, _strands[i].LastPhysical);
            if (islands.Count > 0 && islands[^1].Touches(next))
            {
                islands[^1] = Interval.Hull(islands[^1], next);
            }
            else
            {
                islands.Add(next);
            }
        }

        return [.. islands];
    }
}
