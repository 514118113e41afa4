using ElfMmu.Intervals;

namespace ElfMmu.Tests.Intervals;

/// <summary>The contract of fusing, word by word, address by address, on a universe of a few addresses.</summary>
internal static class FuseOracle
{
    public static List<FuseItem<int>> Fuse(IReadOnlyCollection<FuseItem<int>> items, FuseBy by, ulong origin, int universe)
    {
        List<FuseItem<int>> result = [];
        foreach (IGrouping<(ulong, ulong, int), FuseItem<int>> alike in items.GroupBy(item => ClassOf(item, by)))
        {
            bool[] covered = new bool[universe];
            for (int offset = 0; offset < universe; offset++)
            {
                covered[offset] = alike.Any(item => item.Interval.Contains(origin + (ulong)offset));
            }

            for (int first = 0; first < universe; first++)
            {
                if (!covered[first] || (first > 0 && covered[first - 1]))
                {
                    continue;
                }

                int last = first;
                while (last + 1 < universe && covered[last + 1])
                {
                    last++;
                }

                Interval piece = Interval.FromStartAndLast(origin + (ulong)first, origin + (ulong)last);
                FuseItem<int> leader = alike.Where(item => item.Interval.Start == piece.Start)
                    .OrderBy(item => item.Target).ThenBy(item => item.Rights).First();
                int tag = alike.Where(item => item.Interval.Overlaps(piece)).Sum(item => item.Tag);
                result.Add(new FuseItem<int>(piece, leader.Target, leader.Rights, leader.Group, tag));
            }
        }

        return [.. result.OrderBy(item => item.Interval.Start).ThenBy(item => item.Interval.Last)
            .ThenBy(item => item.Target).ThenBy(item => item.Rights).ThenBy(item => item.Group)];
    }

    /// <summary>What the result must not lose or invent: every address with each target, right and group it has.</summary>
    public static HashSet<(ulong Address, ulong Target, ulong Rights, int Group)> Facts(IEnumerable<FuseItem<int>> items) =>
        [.. from item in items
            from offset in Enumerable.Range(0, (int)item.Interval.Size)
            select (item.Interval.Start + (ulong)offset, item.Target + (ulong)offset, item.Rights, item.Group)];

    private static (ulong, ulong, int) ClassOf(FuseItem<int> item, FuseBy by) => (
        by.HasFlag(FuseBy.Target) ? unchecked(item.Target - item.Interval.Start) : 0,
        by.HasFlag(FuseBy.Rights) ? item.Rights : 0,
        item.Group);
}
