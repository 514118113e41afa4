using System.Numerics;
using ElfMmu.Paging;

namespace ElfMmu.Pictures;

/// <summary>
/// The axis that all spaces of a picture share: stretches of addresses in which something is mapped in any of them. What lies
/// between the stretches is folded, so equal addresses stand at equal height.
/// </summary>
internal static class AddressAxis
{
    /// <summary>The most stretches there are of a few spaces; further gaps aren't folded.</summary>
    public const int MostStretches = 240;

    /// <summary>The most there are of many spaces.</summary>
    public const int MostStretchesOfMany = 100;

    /// <summary>The least height of a stretch in cells.</summary>
    public const int FewestCells = 6;

    private const int CellsPerDoubling = 6;
    private const int CellsPerArea = 4;
    private const int MostCells = 400;
    private const int CellsOfAllColumns = 16000;
    private const int MostCellsOfAll = 4000;
    private const ulong UpperHalf = 1UL << 63;

    /// <summary>
    /// Lays out the axis. A gap stays as it is while it is small beside what it separates, or a few pages; the smallest gaps are
    /// looked at first. O(n log n) in the number of mappings.
    /// </summary>
    /// <param name="columns">The mappings of each space, ascending and disjoint.</param>
    /// <param name="granule">The smallest page size in bytes.</param>
    public static Stretch[] Create(IReadOnlyList<Mapping[]> columns, ulong granule)
    {
        List<(ulong First, ulong Last)> islands = Islands(columns);
        int most = Math.Clamp(CellsOfAllColumns / (FewestCells * columns.Count), MostStretchesOfMany, MostStretches);
        bool[] folded = Fold(islands, granule, most);
        var ranges = new List<(ulong First, ulong Last)>();
        for (int i = 0; i < islands.Count; i++)
        {
            if (i == 0 || folded[i - 1])
            {
                ranges.Add(islands[i]);
            }
            else
            {
                ranges[^1] = (ranges[^1].First, islands[i].Last);
            }
        }

        int[] cells = Heights(ranges, columns, granule);
        return [.. ranges.Select((r, i) => new Stretch(r.First, r.Last, cells[i]))];
    }

    /// <summary>Where anything is mapped in any space, as long ranges as possible.</summary>
    private static List<(ulong First, ulong Last)> Islands(IReadOnlyList<Mapping[]> columns)
    {
        ulong[] starts = [.. columns.SelectMany(c => c.Select(m => m.VirtualAddress))];
        ulong[] lasts = [.. columns.SelectMany(c => c.Select(m => m.LastAddress))];
        if (columns.Count > 1)
        {
            Array.Sort(starts, lasts);
        }

        var islands = new List<(ulong First, ulong Last)>();
        for (int i = 0; i < starts.Length; i++)
        {
            if (islands.Count > 0 && (starts[i] == 0 || starts[i] - 1 <= islands[^1].Last))
            {
                islands[^1] = (islands[^1].First, Math.Max(islands[^1].Last, lasts[i]));
            }
            else
            {
                islands.Add((starts[i], lasts[i]));
            }
        }

        return islands;
    }

    /// <summary>Which of the gaps behind the islands are folded.</summary>
    private static bool[] Fold(List<(ulong First, ulong Last)> islands, ulong granule, int most)
    {
        int gaps = Math.Max(0, islands.Count - 1);
        ulong[] sizes = new ulong[gaps];
        int[] order = new int[gaps];
        for (int i = 0; i < gaps; i++)
        {
            sizes[i] = islands[i + 1].First - islands[i].Last - 1;
            order[i] = i;
        }

        Array.Sort(order, (a, b) => sizes[a] != sizes[b] ? sizes[a].CompareTo(sizes[b]) : a.CompareTo(b));
        bool[] folded = new bool[gaps];
        Array.Fill(folded, true);

        // For the first and the last island of a group, the other end of the group.
        int[] otherEnd = [.. Enumerable.Range(0, islands.Count)];
        int groups = islands.Count;
        foreach (int gap in order)
        {
            int first = otherEnd[gap];
            int last = otherEnd[gap + 1];
            UInt128 sides = (UInt128)(islands[gap].Last - islands[first].First) + (islands[last].Last - islands[gap + 1].First) + 2;
            if (sizes[gap] <= 16 * (UInt128)granule || 4 * (UInt128)sizes[gap] <= sides)
            {
                Join(gap);
            }
        }

        foreach (int gap in order)
        {
            if (groups > most && folded[gap])
            {
                Join(gap);
            }
        }

        return folded;

        void Join(int gap)
        {
            if (islands[gap].Last < UpperHalf && islands[gap + 1].First >= UpperHalf)
            {
                return;
            }

            folded[gap] = false;
            groups--;
            int first = otherEnd[gap];
            int last = otherEnd[gap + 1];
            otherEnd[first] = last;
            otherEnd[last] = first;
        }
    }

    /// <summary>
    /// The heights: a step for each doubling of the size, and room for each area of equal rights; all of them together are bounded.
    /// </summary>
    private static int[] Heights(List<(ulong First, ulong Last)> ranges, IReadOnlyList<Mapping[]> columns, ulong granule)
    {
        int[] areas = new int[ranges.Count];
        foreach (Mapping[] column in columns)
        {
            int range = 0;
            int count = 0;
            for (int i = 0; i < column.Length; i++)
            {
                while (column[i].VirtualAddress > ranges[range].Last)
                {
                    Close();
                    range++;
                }

                count += i > 0 && PictureRights.AreOneArea(column[i - 1], column[i]) ? 0 : 1;
            }

            if (column.Length > 0)
            {
                Close();
            }

            void Close()
            {
                areas[range] = Math.Max(areas[range], count);
                count = 0;
            }
        }

        int[] cells = new int[ranges.Count];
        long excess = 0;
        for (int i = 0; i < cells.Length; i++)
        {
            UInt128 size = (UInt128)(ranges[i].Last - ranges[i].First) + 1;
            int bySize = FewestCells + (CellsPerDoubling * Log16(size, granule) / 16);
            int byAreas = (int)Math.Min(MostCells, (long)CellsPerArea * areas[i]);
            cells[i] = Math.Clamp(Math.Max(bySize, byAreas), FewestCells, MostCells);
            excess += cells[i] - FewestCells;
        }

        long room = Math.Max(0, Math.Min(MostCellsOfAll, CellsOfAllColumns / columns.Count) - ((long)FewestCells * cells.Length));
        if (excess > room)
        {
            for (int i = 0; i < cells.Length; i++)
            {
                cells[i] = FewestCells + (int)((cells[i] - FewestCells) * room / excess);
            }
        }

        return cells;
    }

    /// <summary>
    /// Sixteen times the base-two logarithm of a number of pages, straight between powers of two: in whole numbers, so that every
    /// machine draws the same.
    /// </summary>
    private static int Log16(UInt128 size, ulong granule)
    {
        ulong pages = (ulong)UInt128.Min(ulong.MaxValue, (size + granule - 1) / granule);
        int whole = BitOperations.Log2(pages);
        UInt128 above = (UInt128)16 * (pages - (1UL << whole));
        return (16 * whole) + (int)(above >> whole);
    }
}
