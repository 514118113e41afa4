using ElfMmu.Intervals;
using Xunit;

namespace ElfMmu.Tests.Intervals;

public class FuseTests
{
    private const FuseBy Both = FuseBy.Target | FuseBy.Rights;
    private const ulong TopPage = 0xfffffffffffff000;

    [Fact]
    public void NothingGivesNothing()
    {
        Assert.Empty(IntervalFuser.Fuse([]));
        Assert.Empty(new FuseBuilder<NoTag, NoTag>().ToArray());
    }

    [Fact]
    public void AdjacentAlikeBecomeOne() =>
        AssertFuses([At(0x1000, 0x1000, 0x8000), At(0x2000, 0x1000, 0x9000)], Both, At(0x1000, 0x2000, 0x8000));

    [Fact]
    public void OverlappingAlikeBecomeOne() =>
        AssertFuses([At(0x1000, 0x2000, 0x8000), At(0x2000, 0x2000, 0x9000)], Both, At(0x1000, 0x3000, 0x8000));

    [Fact]
    public void ContainedAlikeDisappear() =>
        AssertFuses([At(0x1000, 0x4000, 0x8000), At(0x2000, 0x1000, 0x9000)], Both, At(0x1000, 0x4000, 0x8000));

    [Fact]
    public void DuplicatesCollapse() =>
        AssertFuses([At(0x1000, 0x1000, 0), At(0x1000, 0x1000, 0)], Both, At(0x1000, 0x1000, 0));

    [Fact]
    public void AGapSeparates() =>
        AssertFuses([At(0, 0xfff, 0), At(0x1000, 1, 0x1000)], Both, At(0, 0xfff, 0), At(0x1000, 1, 0x1000));

    [Fact]
    public void OtherTargetSeparates()
    {
        FuseItem<NoTag>[] items = [At(0x1000, 0x1000, 0x8000), At(0x2000, 0x1000, 0xa000)];

        AssertFuses(items, Both, items);
        AssertFuses(items, FuseBy.Target, items);
        AssertFuses(items, FuseBy.Rights, At(0x1000, 0x2000, 0x8000));
        AssertFuses(items, FuseBy.Adjacency, At(0x1000, 0x2000, 0x8000));
    }

    [Fact]
    public void OtherRightsSeparate()
    {
        FuseItem<NoTag>[] items = [At(0x1000, 0x1000, 0x8000, rights: 5), At(0x2000, 0x1000, 0x9000, rights: 4)];

        AssertFuses(items, Both, items);
        AssertFuses(items, FuseBy.Rights, items);
        AssertFuses(items, FuseBy.Target, At(0x1000, 0x2000, 0x8000, rights: 5));
        AssertFuses(items, FuseBy.Adjacency, At(0x1000, 0x2000, 0x8000, rights: 5));
    }

    [Theory]
    [InlineData(FuseBy.Adjacency)]
    [InlineData(FuseBy.Target)]
    [InlineData(FuseBy.Rights)]
    [InlineData(Both)]
    public void GroupsNeverMix(FuseBy by)
    {
        FuseItem<NoTag>[] items = [At(0x1000, 0x1000, 0, group: 1), At(0x1000, 0x1000, 0, group: 2)];

        AssertFuses(items, by, items);
    }

    [Fact]
    public void UnlikeOverlapStaysWhole() =>
        AssertFuses(
            [At(0, 0x9000, 0), At(0x1000, 0x1000, 0), At(0x2000, 0x1000, 0x1000), At(0x9000, 0x1000, 0x9000)],
            Both,
            At(0, 0xa000, 0),
            At(0x1000, 0x2000, 0));

    [Fact]
    public void AlikeAreFusedAcrossUnlikeBetween() =>
        AssertFuses(
            [At(0x1000, 0x1000, 0x8000), At(0x1800, 0x800, 0), At(0x2000, 0x1000, 0x9000)],
            Both,
            At(0x1000, 0x2000, 0x8000),
            At(0x1800, 0x800, 0));

    [Fact]
    public void SameStartsAreOrderedByLastThenTargetThenRightsThenGroup() =>
        AssertFuses(
            [At(0, 9, 0), At(0, 3, 9), At(0, 3, 8, 7), At(0, 3, 8, 5, 2), At(0, 3, 8, 5, 1)],
            Both,
            At(0, 3, 8, 5, 1),
            At(0, 3, 8, 5, 2),
            At(0, 3, 8, 7),
            At(0, 3, 9),
            At(0, 9, 0));

    [Fact]
    public void DisplacementIsModulo64Bits() =>
        AssertFuses(
            [At(0x1000, 0x1000, TopPage), At(0x2000, 0x1000, 0)], Both, At(0x1000, 0x2000, TopPage));

    [Fact]
    public void TheTopPageIsFusedAndDoesNotWrap() =>
        AssertFuses(
            [At(0, 0x1000, 0x1000), At(TopPage - 0x1000, 0x1000, TopPage), At(TopPage, 0x1000, 0), At(TopPage, 0x1000, 0)],
            Both,
            At(0, 0x1000, 0x1000),
            At(TopPage - 0x1000, 0x2000, TopPage));

    [Fact]
    public void TwoHalvesAreTheWholeSpace()
    {
        const ulong Half = 0x8000000000000000;
        FuseItem<NoTag> whole = Assert.Single(IntervalFuser.Fuse([At(Half, Half, Half), At(0, Half, 0)]));

        Assert.Equal(Interval.FromBounds(0, ulong.MaxValue), whole.Interval);
    }

    [Fact]
    public void WhatIsNotComparedComesFromTheFirstAddress() =>
        AssertFuses(
            [At(0x1000, 0x3000, 0x9000, 1), At(0x1000, 0x1000, 0x8000, 7), At(0x800, 0x800, 0xf000, 3)],
            FuseBy.Adjacency,
            At(0x800, 0x3800, 0xf000, 3));

    [Fact]
    public void TheInputOfABatchStaysAsItIs()
    {
        FuseItem<NoTag>[] items = [At(0x2000, 0x1000, 0), At(0x1000, 0x1000, 0)];
        FuseItem<NoTag>[] before = [.. items];

        _ = IntervalFuser.Fuse(items);

        Assert.Equal(before, items);
    }

    internal static FuseItem<NoTag> At(ulong start, ulong size, ulong target, ulong rights = 0, int group = 0) =>
        new(Interval.FromStartAndSize(start, size), target, rights, group, default);

    private static void AssertFuses(FuseItem<NoTag>[] items, FuseBy by, params FuseItem<NoTag>[] expected)
    {
        Assert.Equal(expected, IntervalFuser.Fuse(items, by));
        Assert.Equal(expected, IntervalFuser.Fuse([.. items.Reverse()], by));

        var builder = new FuseBuilder<NoTag, NoTag>(by);
        foreach (FuseItem<NoTag> item in items)
        {
            builder.Add(in item);
        }

        Assert.Equal(expected, builder.ToArray());
    }
}
