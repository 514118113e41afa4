using System.Globalization;
using ElfMmu.Dumps;
using ElfMmu.Intervals;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Benchmarks;

/// <summary>
/// How fast the look-up indexes are beside a plain binary search over a sorted array, in the same run by one thread; and what building
/// them takes an interval.
/// </summary>
internal static class IndexSpeed
{
    private const int Rounds = 9;
    private const int Addresses = 1 << 20;
    private const ulong Page = 0x1000;

    private static readonly int[] Sizes = [1_000, 100_000, 1_000_000, 4_000_000];

    /// <summary>
    /// One CSV line for each size: what, our figure, the rival's, the ratio of ours to its. Look-ups are of random addresses in the whole
    /// span of the intervals, of which about half are in one.
    /// </summary>
    public static IEnumerable<string> Lines()
    {
        foreach (int size in Sizes)
        {
            TargetInterval[] intervals = Intervals(size);
            var index = new OffsetIndex(intervals);
            ulong[] starts = [.. intervals.Select(i => i.Interval.Start)];
            ulong[] addresses = Random(intervals[^1].Interval.Last);
            ulong[] targets = new ulong[addresses.Length];
            bool[] found = new bool[addresses.Length];
            int ours = 0;
            int theirs = 0;
            (double batch, double search, _) = Timing.Pairs(
                Rounds, () => ours = index.Find(addresses, targets, found), () => theirs = Search(starts, intervals, addresses, targets));
            Check(ours, theirs);
            yield return Line($"batch of random addresses in {size}", Rate(batch), "Array.BinarySearch", Rate(search), search / batch);

            (double single, search, _) = Timing.Pairs(
                Rounds, () => ours = Single(index, addresses, targets), () => theirs = Search(starts, intervals, addresses, targets));
            Check(ours, theirs);
            yield return Line($"one by one in {size}", Rate(single), "Array.BinarySearch", Rate(search), search / single);

            (double build, double sort, _) = Timing.Pairs(
                5, () => _ = new OffsetIndex(intervals), () => _ = new OverlapIndex(intervals));
            yield return Line(
                $"building of {size}", PerInterval(build, size), "building an OverlapIndex, sorting included", PerInterval(sort, size), sort / build);
        }
    }

    /// <summary>The same for comparing two sets of mappings, of which every tenth differs, beside copying both.</summary>
    public static IEnumerable<string> Comparisons()
    {
        foreach (int size in new[] { 100_000, 1_000_000 })
        {
            MappingSet before = Mappings(size, 0);
            MappingSet after = Mappings(size, 10);
            int changes = 0;
            (double compare, double copy, _) = Timing.Pairs(
                Rounds,
                () => changes = MappingComparer.Compare(before, after).Count(),
                () => _ = before.Mappings.ToArray().Length + after.Mappings.ToArray().Length);
            if (changes != size / 10)
            {
                throw new InvalidOperationException($"{changes} changes were found.");
            }

            yield return Line(
                $"comparing twice {size}", PerInterval(compare, 2 * size), "copying both", PerInterval(copy, 2 * size), compare / copy);
        }
    }

    private static MappingSet Mappings(int count, int moved)
    {
        var space = new SpaceIdentity(new DumpIdentity("/dump", 1, DateTime.UnixEpoch), PagingModes.Get("ia32e"), Page);
        var attributes = new MappingAttributes(Rights.Read, Rights.Read, 1, 12, 0, false, false, false);
        return MappingSet.Of(Intervals(count).Select((interval, i) => new PageTableMapping(
            new Mapping(
                interval.Interval.Start,
                interval.Interval.Size,
                interval.Target + (moved > 0 && i % moved == 0 ? Page << 40 : 0),
                attributes,
                RegionKind.Ram),
            space)));
    }

    private static string Line(string what, string ours, string rival, string theirs, double ratio) =>
        string.Create(CultureInfo.InvariantCulture, $"{what},{ours},{rival},{theirs},{ratio:f2}");

    private static string Rate(double milliseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{Addresses / milliseconds / 1000:f1} M a second");

    private static string PerInterval(double milliseconds, int size) =>
        string.Create(CultureInfo.InvariantCulture, $"{milliseconds * 1e6 / size:f1} ns an interval");

    private static void Check(int ours, int theirs)
    {
        if (ours != theirs || ours < Addresses / 4)
        {
            throw new InvalidOperationException($"{ours} addresses were found, and {theirs} by binary search.");
        }
    }

    /// <summary>Runs of one to eight pages with gaps as long, and targets in no order.</summary>
    private static TargetInterval[] Intervals(int count)
    {
        var random = new Random(1);
        var intervals = new TargetInterval[count];
        ulong at = 0;
        for (int i = 0; i < count; i++)
        {
            ulong size = (ulong)random.Next(1, 9) * Page;
            intervals[i] = new TargetInterval(Interval.FromStartAndSize(at, size), (ulong)random.Next() * Page);
            at += size + ((ulong)random.Next(0, 9) * Page);
        }

        return intervals;
    }

    private static ulong[] Random(ulong last)
    {
        var random = new Random(2);
        ulong[] addresses = new ulong[Addresses];
        for (int i = 0; i < addresses.Length; i++)
        {
            addresses[i] = (ulong)random.NextInt64((long)last + 1);
        }

        return addresses;
    }

    private static int Single(OffsetIndex index, ulong[] addresses, ulong[] targets)
    {
        int count = 0;
        for (int i = 0; i < addresses.Length; i++)
        {
            count += index.TryFind(addresses[i], out targets[i]) ? 1 : 0;
        }

        return count;
    }

    private static int Search(ulong[] starts, TargetInterval[] intervals, ulong[] addresses, ulong[] targets)
    {
        int count = 0;
        for (int i = 0; i < addresses.Length; i++)
        {
            int position = Array.BinarySearch(starts, addresses[i]);
            position = position >= 0 ? position : ~position - 1;
            targets[i] = 0;
            if (position >= 0 && intervals[position].Interval.Contains(addresses[i]))
            {
                targets[i] = intervals[position].Target + (addresses[i] - intervals[position].Interval.Start);
                count++;
            }
        }

        return count;
    }
}
