using ElfMmu.Intervals;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using Interval = ElfMmu.Intervals.Interval;

namespace ElfMmu.Tests.Intervals;

public class IntervalIndexTests
{
    private const ulong TopPage = 0xfffffffffffff000;

    [Fact]
    public void AnEmptyIndexFindsNothing()
    {
        var index = new IntervalIndex<Interval>([], static it => it);
        int lastHit = 0;

        Assert.Equal(0, index.Count);
        Assert.False(index.TryFind(0, ref lastHit, out _));
        Assert.False(index.TryFind(ulong.MaxValue, ref lastHit, out _));
        Assert.Empty(All(index.Find(0)));
    }

    [Fact]
    public void FindsAtTheTopOfTheAddressSpace()
    {
        Interval[] intervals = [Interval.FromStartAndSize(0, 1), Interval.FromStartAndSize(TopPage, 0x1000)];
        var index = new IntervalIndex<Interval>(intervals, static it => it);

        Assert.Equal([intervals[1]], All(index.Find(ulong.MaxValue)));
        Assert.Empty(All(index.Find(TopPage - 1)));
        Assert.Equal([intervals[1], intervals[0]], All(index.Find(Interval.FromBounds(0, ulong.MaxValue))));
    }

    [Fact]
    public void RejectsWhatIsNotSorted()
    {
        ElfMmuException error = Assert.Throws<ElfMmuException>(() => new IntervalIndex<Interval>(
            [Interval.FromStartAndSize(2, 1), Interval.FromStartAndSize(1, 5)], static it => it));

        Assert.Equal("IntervalNotSorted", error.ErrorId);
        Assert.Contains("[0x1, 0x6)", error.Message, StringComparison.Ordinal);
        Assert.Contains("[0x2, 0x3)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public void AnyLastHitIsSafe(int lastHit)
    {
        var index = new IntervalIndex<Interval>(
            [Interval.FromStartAndSize(0, 1), Interval.FromStartAndSize(1, 1)], static it => it);

        Assert.True(index.TryFind(0, ref lastHit, out Interval found));
        Assert.Equal(0UL, found.Start);
        Assert.True(index.TryFind(1, ref lastHit, out found));
        Assert.Equal(1UL, found.Start);
        Assert.False(index.TryFind(2, ref lastHit, out _));
    }

    [Fact]
    public void FindsWhatALinearScanFinds() => Check(it =>
    {
        var index = new IntervalIndex<FuseItem<int>>(it.Items, static item => item.Interval);
        int lastHit = 0;
        for (int offset = -1; offset <= FuseCase.Universe; offset++)
        {
            ulong address = unchecked(it.Origin + (ulong)offset);
            FuseItem<int>[] expected = [.. it.Items.Reverse().Where(item => item.Interval.Contains(address))];
            bool found = index.TryFind(address, ref lastHit, out FuseItem<int> one);
            if (!All(index.Find(address)).SequenceEqual(expected)
                || found != (expected.Length > 0)
                || (found && one != expected[0]))
            {
                return false;
            }
        }

        return it.Items.All(query => All(index.Find(query.Interval))
            .SequenceEqual(it.Items.Reverse().Where(item => item.Interval.Overlaps(query.Interval))));
    });

    [Fact]
    public void TheCacheNeverChangesTheAnswer() => Check(it =>
    {
        FuseItem<int>[] disjoint = IntervalFuser.Fuse<int, SumMerger>(
            [.. it.Items.Select(item => item with { Group = 0 })], FuseBy.Adjacency);
        var index = new IntervalIndex<FuseItem<int>>(disjoint, static item => item.Interval);
        var random = new Random(it.Seed);
        int lastHit = 0;
        for (int count = 0; count < 50; count++)
        {
            ulong address = unchecked(it.Origin + (ulong)random.Next(-1, FuseCase.Universe + 1));
            bool found = index.TryFind(address, ref lastHit, out FuseItem<int> one);
            FuseItem<int>[] expected = [.. disjoint.Where(item => item.Interval.Contains(address))];
            if (found != (expected.Length > 0) || (found && one != expected[0]))
            {
                return false;
            }
        }

        return !index.HasOverlaps;
    });

    [Fact]
    public void ManyIntervalsAreFoundToo()
    {
        // Long ones over many short ones, where the search has to skip far; compared with a scan at some addresses.
        var random = new Random(7);
        Interval[] intervals = [.. Enumerable.Range(0, 20_000)
            .Select(number => Interval.FromStartAndSize((ulong)random.Next(1_000_000), (ulong)(number % 500 == 0
                ? random.Next(1, 500_000)
                : random.Next(1, 40)))).Order()];
        var index = new IntervalIndex<Interval>(intervals, static it => it);

        Assert.True(index.HasOverlaps);
        for (int count = 0; count < 300; count++)
        {
            ulong address = (ulong)random.Next(1_100_000);
            Assert.Equal(intervals.Reverse().Where(it => it.Contains(address)), All(index.Find(address)));
        }
    }

    private static List<T> All<T>(IntervalMatches<T> matches)
    {
        List<T> list = [];
        foreach (ref readonly T match in matches)
        {
            list.Add(match);
        }

        return list;
    }

    private static void Check(Func<FuseCase, bool> property) =>
        Prop.ForAll(FuseCase.Arbitrary(), it => property(it with { Items = [.. it.Items.OrderBy(item => item.Interval.Start)] }))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
