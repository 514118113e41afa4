using ElfMmu.Intervals;
using ElfMmu.Paging;

namespace ElfMmu.Export;

/// <summary>Takes what lies in some ranges of a walk's mappings into a core's segments.</summary>
/// <param name="segments">The segments.</param>
/// <param name="ranges">The ranges.</param>
public readonly struct CutSegments(CoreSegments segments, IntervalSet ranges) : IMappingSink
{
    /// <summary>Narrows a walk to where the ranges are.</summary>
    /// <param name="walk">The walk.</param>
    /// <param name="ranges">The ranges; at least one.</param>
    public static WalkRequest Narrow(WalkRequest walk, IntervalSet ranges) => walk with
    {
        MinimumAddress = Math.Max(walk.MinimumAddress, ranges[0].Start),
        MaximumAddress = Math.Min(walk.MaximumAddress, ranges[^1].Last),
    };

    /// <summary>Takes the parts of a mapping. O(log ranges + parts).</summary>
    public bool Add(in Mapping mapping)
    {
        Interval whole = Interval.FromStartAndLast(mapping.VirtualAddress, mapping.LastAddress);
        for (int i = ranges.FirstFrom(whole.Start); i < ranges.Count && ranges[i].Intersect(whole, out Interval part); i++)
        {
            segments.Add(mapping with
            {
                VirtualAddress = part.Start,
                PhysicalAddress = mapping.PhysicalAddress + (part.Start - whole.Start),
                Size = part.Size,
            });
        }

        return true;
    }

    /// <summary>Says what of the ranges isn't in the segments. O(ranges + segments).</summary>
    internal static IEnumerable<string> Missing(IntervalSet? ranges, CoreSegment[] sorted)
    {
        if (ranges == null)
        {
            yield break;
        }

        UInt128 missing = 0;
        ulong? first = null;
        int next = 0;
        foreach (Interval range in ranges)
        {
            UInt128 at = range.Start;
            UInt128 end = (UInt128)range.Last + 1;
            for (; next < sorted.Length && sorted[next].VirtualAddress <= range.Last; next++)
            {
                Count(at, sorted[next].VirtualAddress);
                at = (UInt128)sorted[next].LastAddress + 1;
            }

            Count(at, end);
        }

        if (missing > 0)
        {
            UInt128 all = ranges.Aggregate((UInt128)0, (sum, r) => sum + r.Last - r.Start + 1);
            yield return $"{missing} of the {all} bytes asked for aren't in the core, the first at 0x{first:x}: they aren't mapped, not in the "
                + "dump, or the filters don't let them pass.";
        }

        void Count(UInt128 from, UInt128 to)
        {
            if (to > from)
            {
                missing += to - from;
                first ??= (ulong)from;
            }
        }
    }
}
