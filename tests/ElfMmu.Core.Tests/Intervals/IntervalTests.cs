using ElfMmu.Intervals;
using Xunit;

namespace ElfMmu.Tests.Intervals;

public class IntervalTests
{
    private const ulong TopPage = 0xfffffffffffff000;

    [Fact]
    public void KnowsItsBounds()
    {
        Interval interval = Interval.FromStartAndSize(0x1000, 0x2000);

        Assert.Equal(0x1000UL, interval.Start);
        Assert.Equal(0x2fffUL, interval.Last);
        Assert.Equal(0x3000UL, interval.End);
        Assert.Equal(0x2000UL, interval.Size);
        Assert.Equal("[0x1000, 0x3000)", interval.ToString());
        Assert.Equal(interval, Interval.FromBounds(0x1000, 0x3000));
        Assert.Equal(interval, Interval.FromStartAndLast(0x1000, 0x2fff));
    }

    [Fact]
    public void ReachesTheTopOfTheAddressSpace()
    {
        Interval top = Interval.FromStartAndSize(TopPage, 0x1000);

        Assert.Equal(ulong.MaxValue, top.Last);
        Assert.Equal(ulong.MaxValue, top.End);
        Assert.Equal(0x1000UL, top.Size);
        Assert.Equal("[0xfffffffffffff000, 0x10000000000000000)", top.ToString());
        Assert.Equal(top, Interval.FromBounds(TopPage, ulong.MaxValue));
        Assert.True(top.Contains(ulong.MaxValue));
        Assert.False(top.Contains(0));
        Assert.False(top.Touches(Interval.FromStartAndSize(0, 1)));
        Assert.False(Interval.FromStartAndSize(0, 1).Touches(top));
    }

    [Fact]
    public void TheLastAddressButOneIsDistinctFromTheTop()
    {
        Interval below = Interval.FromStartAndLast(0, ulong.MaxValue - 1);

        Assert.Equal(ulong.MaxValue, below.Size);
        Assert.False(below.Contains(ulong.MaxValue));
        Assert.NotEqual(below, Interval.FromBounds(0, ulong.MaxValue));
        Assert.Equal("[0x0, 0xffffffffffffffff)", below.ToString());
    }

    [Fact]
    public void TheWholeSpaceIsAnInterval()
    {
        Interval whole = Interval.FromBounds(0, ulong.MaxValue);

        Assert.Equal((0UL, ulong.MaxValue), (whole.Start, whole.Last));
        Assert.Equal(ulong.MaxValue, whole.Size);
        Assert.True(whole.Contains(0) && whole.Contains(ulong.MaxValue));
    }

    [Theory]
    [InlineData(0UL, 0UL)]
    [InlineData(5UL, 0UL)]
    [InlineData(ulong.MaxValue, 0UL)]
    [InlineData(ulong.MaxValue, 2UL)]
    [InlineData(TopPage, 0x1001UL)]
    [InlineData(2UL, ulong.MaxValue)]
    public void RejectsSizesThatAreZeroOrWrap(ulong start, ulong size) =>
        AssertInvalid(() => Interval.FromStartAndSize(start, size));

    [Fact]
    public void TheLargestSizeFitsAtTheFirstTwoAddresses()
    {
        Assert.Equal(ulong.MaxValue - 1, Interval.FromStartAndSize(0, ulong.MaxValue).Last);
        Assert.Equal(ulong.MaxValue, Interval.FromStartAndSize(1, ulong.MaxValue).Last);
    }

    [Fact]
    public void RejectsBoundsInTheWrongOrder()
    {
        AssertInvalid(() => Interval.FromBounds(5, 5));
        AssertInvalid(() => Interval.FromBounds(5, 4));
        AssertInvalid(() => Interval.FromBounds(ulong.MaxValue, ulong.MaxValue));
        AssertInvalid(() => Interval.FromStartAndLast(5, 4));
    }

    [Fact]
    public void RelationsAgreeWithTheirDefinitionEverywhere()
    {
        const int Universe = 7;
        foreach (ulong origin in new[] { 0UL, ulong.MaxValue - Universe + 1 })
        {
            Interval[] all = [.. from start in Enumerable.Range(0, Universe)
                                 from last in Enumerable.Range(start, Universe - start)
                                 select Interval.FromStartAndLast(origin + (ulong)start, origin + (ulong)last)];
            foreach (Interval a in all)
            {
                foreach (Interval b in all)
                {
                    ulong[] common = [.. Bytes(a).Intersect(Bytes(b))];
                    bool adjacent = Bytes(a).Any(x => Bytes(b).Any(y => (x < y ? y - x : x - y) == 1));

                    Assert.Equal(common.Length > 0, a.Overlaps(b));
                    Assert.Equal(common.Length > 0 || adjacent, a.Touches(b));
                    Assert.Equal(Bytes(b).All(a.Contains), a.Contains(b));
                    Assert.Equal(common.Length > 0, a.Intersect(b, out Interval intersection));
                    Assert.Equal(common, common.Length > 0 ? Bytes(intersection) : []);
                }
            }
        }
    }

    [Fact]
    public void IsOrderedByStartThenLast()
    {
        Interval[] expected =
        [
            Interval.FromStartAndSize(0, 9), Interval.FromStartAndSize(1, 1), Interval.FromStartAndSize(1, 2),
            Interval.FromStartAndSize(TopPage, 1), Interval.FromBounds(TopPage, ulong.MaxValue),
        ];

        Assert.Equal(expected, expected.Reverse().Order());
    }

    private static List<ulong> Bytes(Interval interval)
    {
        List<ulong> bytes = [];
        for (ulong address = interval.Start; ; address++)
        {
            bytes.Add(address);
            if (address == interval.Last)
            {
                return bytes;
            }
        }
    }

    private static void AssertInvalid(Func<object> make)
    {
        ElfMmuException error = Assert.Throws<ElfMmuException>(make);
        Assert.Equal(("IntervalInvalid", ErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
    }
}
