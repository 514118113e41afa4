using ElfMmu.Intervals;
using Xunit;
using static ElfMmu.Tests.Intervals.FuseTests;

namespace ElfMmu.Tests.Intervals;

public class FuseBuilderTests
{
    [Fact]
    public void ContinuingItemsAreFusedAtOnce()
    {
        var builder = new FuseBuilder<int, SumMerger>();
        for (ulong page = 0; page < 10_000; page++)
        {
            // Two address spaces, walked in turns, the one downwards.
            builder.Add(Tagged(At(page << 12, 0x1000, page << 12, group: 1)));
            builder.Add(Tagged(At((20_000 - page) << 12, 0x1000, 0x7000 - (page << 12), group: 2)));
            Assert.InRange(builder.Count, 1, 2);
        }

        Assert.Equal([10_000, 10_000], builder.ToArray().Select(item => item.Tag));
    }

    [Fact]
    public void MemoryFollowsTheResultWhateverTheOrder()
    {
        ulong[] pages = [.. Enumerable.Range(0, 20_000).Select(page => (ulong)page)];
        new Random(1).Shuffle(pages);
        var builder = new FuseBuilder<int, SumMerger>();
        for (int round = 0; round < 5; round++)
        {
            foreach (ulong page in pages)
            {
                builder.Add(Tagged(At(page << 12, 0x1000, page << 12)));
            }
        }

        // The longest result on the way has no more than half the pages: more can't be without neighbours.
        Assert.InRange(builder.Room, 1, 4 * pages.Length / 2);
        Assert.Equal(5 * pages.Length, Assert.Single(builder.ToArray()).Tag);
        Assert.Equal(1, builder.Count);
    }

    private static FuseItem<int> Tagged(FuseItem<NoTag> item) =>
        new(item.Interval, item.Target, item.Rights, item.Group, 1);
}
