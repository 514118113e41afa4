using ElfMmu.Intervals;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using Interval = ElfMmu.Intervals.Interval;

namespace ElfMmu.Tests.Intervals;

public class LookUpTests
{
    private static readonly Interval Everything = Interval.FromStartAndLast(0, ulong.MaxValue);

    [Fact]
    public void An_empty_index_finds_nothing()
    {
        var index = new OffsetIndex([]);
        ulong[] targets = [7, 7];
        bool[] found = [true, true];
        Assert.Equal(0, index.Count);
        Assert.False(index.TryFind(0, out _));
        Assert.False(index.TryFind(ulong.MaxValue, out _));
        Assert.Equal(0, index.Find([0, ulong.MaxValue], targets, found));
        Assert.Equal([0UL, 0UL], targets);
        Assert.Equal([false, false], found);
        Assert.False(new AttributeIndex<string>([], []).TryFind(0, out string? value));
        Assert.Null(value);
        Assert.False(new OverlapIndex([]).Find(Everything).MoveNext());
    }

    [Fact]
    public void One_interval_can_be_the_whole_space()
    {
        var index = new OffsetIndex([new(Everything, 0x1000)]);
        Assert.Equal(new TargetInterval(Everything, 0x1000), index[0]);
        Assert.True(index.TryFind(0, out ulong target));
        Assert.Equal(0x1000UL, target);

        // Targets go on modulo 2^64.
        Assert.True(index.TryFind(ulong.MaxValue, out target));
        Assert.Equal(0xfffUL, target);
        Assert.Equal("all", new AttributeIndex<string>([Everything], ["all"])[0].Value);
        Assert.Equal(Everything, Assert.Single(All(new OverlapIndex([new(Everything, 0)]).Find(Everything))).Interval);
    }

    [Fact]
    public void What_overlaps_or_is_not_sorted_is_refused()
    {
        TargetInterval low = new(Interval.FromStartAndSize(1, 5), 0);
        TargetInterval high = new(Interval.FromStartAndSize(5, 5), 0);
        ElfMmuException overlap = Assert.Throws<ElfMmuException>(() => new OffsetIndex([low, high]));
        Assert.Equal("IntervalOverlap", overlap.ErrorId);
        Assert.Contains("[0x5, 0xa) overlaps [0x1, 0x6)", overlap.Message, StringComparison.Ordinal);
        Assert.Equal("IntervalOverlap", Assert.Throws<ElfMmuException>(() => new OffsetIndex([low, low])).ErrorId);
        ElfMmuException order = Assert.Throws<ElfMmuException>(
            () => new AttributeIndex<int>([high.Interval, low.Interval], [1, 2]));
        Assert.Equal("IntervalNotSorted", order.ErrorId);
        Assert.Equal(
            "IntervalInvalid",
            Assert.Throws<ElfMmuException>(() => new OverlapIndex([low with { Target = ulong.MaxValue }])).ErrorId);
    }

    [Fact]
    public void Too_little_room_for_the_answers_is_refused()
    {
        var index = new OffsetIndex([new(Everything, 0)]);
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Find([1, 2], new ulong[1], new bool[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Find([1, 2], new ulong[2], new bool[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AttributeIndex<int>([Everything], []));
    }

    [Fact]
    public void Vectors_give_what_the_reference_gives() => Check(it =>
    {
        var search = new IntervalSearch([.. it.Items.Select(i => i.Interval)]);
        ulong[] addresses = [.. it.Addresses];
        int[] scalar = new int[addresses.Length];
        int[] vectorized = new int[addresses.Length];
        search.DescendScalar(addresses, scalar);
        if (it.Items.Length > 0)
        {
            search.DescendVectorized(addresses, vectorized);
        }

        return scalar.SequenceEqual(vectorized);
    });

    [Fact]
    public void Addresses_lead_where_a_scan_says() => Check(it =>
    {
        var index = new OffsetIndex(it.Items);
        ulong[] addresses = [.. it.Addresses];
        Shuffle(addresses);
        ulong[] targets = new ulong[addresses.Length];
        bool[] found = new bool[addresses.Length];
        int count = index.Find(addresses, targets, found);
        bool same = count == found.Count(f => f)
            && Enumerable.Range(0, index.Count).All(i => index[i] == it.Items[i]);
        for (int i = 0; i < addresses.Length; i++)
        {
            ulong address = addresses[i];
            TargetInterval? holder = Scan(it.Items, address);
            ulong expected = holder is { } h ? unchecked(h.Target + (address - h.Interval.Start)) : 0;
            same &= found[i] == holder.HasValue && targets[i] == expected
                && index.TryFind(address, out ulong target) == holder.HasValue && target == expected;
        }

        return same;
    });

    [Fact]
    public void Attributes_are_those_a_scan_finds() => Check(it =>
    {
        var index = new AttributeIndex<string>(
            [.. it.Items.Select(i => i.Interval)], [.. it.Items.Select(i => i.Target.ToString("x"))]);
        ulong[] addresses = [.. it.Addresses];
        string?[] values = new string?[addresses.Length];
        bool[] found = new bool[addresses.Length];
        index.Find(addresses, values, found);
        for (int i = 0; i < addresses.Length; i++)
        {
            string? expected = Scan(it.Items, addresses[i])?.Target.ToString("x");
            bool one = index.TryFind(addresses[i], out string? value);
            if (values[i] != expected || found[i] != (expected != null) || one != found[i] || value != expected)
            {
                return false;
            }
        }

        return true;
    });

    [Fact]
    public void All_sources_of_a_target_are_found() => Prop.ForAll(FuseCase.Arbitrary(), it =>
    {
        // Sources and targets that overlap, also at the top; what would wrap is left out.
        TargetInterval[] items = [.. it.Items
            .Select(i => new TargetInterval(i.Interval, it.Origin + (i.Target % FuseCase.Universe)))
            .Where(i => ulong.MaxValue - i.Target >= i.Interval.Last - i.Interval.Start)];
        var index = new OverlapIndex(items);
        for (int offset = -1; offset <= FuseCase.Universe; offset++)
        {
            ulong first = unchecked(it.Origin + (ulong)offset);
            foreach (ulong width in new ulong[] { 0, 1, 5 })
            {
                Interval wanted = Interval.FromStartAndLast(first, ulong.MaxValue - first < width ? ulong.MaxValue : first + width);
                var expected = Enumerable.Range(0, items.Length).SelectMany(p => Bytes(items[p], p).Where(b => wanted.Contains(b.Target)));
                var actual = All(index.Find(wanted)).SelectMany(m => Bytes(new TargetInterval(m.Interval, m.Target), m.Position));
                if (!expected.Order().SequenceEqual(actual.Order()))
                {
                    return false;
                }
            }
        }

        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    private static IEnumerable<(int Position, ulong Source, ulong Target)> Bytes(TargetInterval interval, int position)
    {
        for (ulong i = 0; i <= interval.Interval.Last - interval.Interval.Start; i++)
        {
            yield return (position, interval.Interval.Start + i, interval.Target + i);
        }
    }

    private static TargetInterval? Scan(TargetInterval[] items, ulong address)
    {
        foreach (TargetInterval item in items)
        {
            if (item.Interval.Start <= address && address <= item.Interval.Last)
            {
                return item;
            }
        }

        return null;
    }

    private static void Shuffle(ulong[] addresses) => new Random(addresses.Length).Shuffle(addresses);

    private static List<OverlapMatch> All(OverlapMatches matches)
    {
        List<OverlapMatch> list = [];
        foreach (OverlapMatch match in matches)
        {
            list.Add(match);
        }

        return list;
    }

    private static void Check(Func<DisjointCase, bool> property) =>
        Prop.ForAll(DisjointCase.Arbitrary(), it => property(it)).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
}
