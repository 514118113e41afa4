using ElfMmu.Intervals;
using Xunit;
using static ElfMmu.Tests.Intervals.FuseTests;

namespace ElfMmu.Tests.Intervals;

public class StreamingFuserTests
{
    private const FuseBy Both = FuseBy.Target | FuseBy.Rights;

    [Fact]
    public void RejectsWhatIsNotSortedAndNamesBoth()
    {
        var fuser = new StreamingFuser<NoTag, NoTag>(Both);
        var sink = new ListSink<NoTag>();
        fuser.Add(At(0x2000, 0x1000, 0), ref sink);

        ElfMmuException error = Assert.Throws<ElfMmuException>(() => fuser.Add(At(0x1000, 0x800, 0), ref sink));

        Assert.Equal("IntervalNotSorted", error.ErrorId);
        Assert.Contains("[0x1000, 0x1800)", error.Message, StringComparison.Ordinal);
        Assert.Contains("[0x2000, 0x3000)", error.Message, StringComparison.Ordinal);

        fuser.Add(At(0x3000, 0x1000, 0x1000), ref sink);
        fuser.Complete(ref sink);
        Assert.Equal([At(0x2000, 0x2000, 0)], sink.Items);
    }

    [Fact]
    public void IsAsNewAfterCompletion()
    {
        var fuser = new StreamingFuser<NoTag, NoTag>(Both);
        for (int round = 0; round < 2; round++)
        {
            var sink = new ListSink<NoTag>();
            fuser.Add(At(0x1000, 0x1000, 0), ref sink);
            fuser.Complete(ref sink);
            Assert.Equal([At(0x1000, 0x1000, 0)], sink.Items);
        }
    }

    [Fact]
    public void ALongIntervalGoesBeforeThoseInside()
    {
        var fuser = new StreamingFuser<NoTag, NoTag>(Both);
        var sink = new ListSink<NoTag>();
        fuser.Add(At(0, 100, 7), ref sink);
        fuser.Add(At(10, 1, 0), ref sink);
        fuser.Add(At(20, 1, 0), ref sink);
        fuser.Add(At(100, 1, 107), ref sink);
        Assert.Empty(sink.Items);

        fuser.Add(At(102, 1, 0), ref sink);

        Assert.Equal([At(0, 101, 7), At(10, 1, 0), At(20, 1, 0)], sink.Items);
        Assert.Equal(1, fuser.OpenCount);
    }

    [Theory]
    [InlineData(0x1000UL)]
    [InlineData(0x1001UL)]
    public void WhatDoesNotOverlapIsHeldInConstantSpace(ulong stride)
    {
        var fuser = new StreamingFuser<NoTag, NoTag>(Both);
        var sink = new CountingSink<NoTag>();
        for (ulong page = 0; page < 100_000; page++)
        {
            // Two pages of every three continue the one before.
            fuser.Add(At(page * stride, 0x1000, (page * stride) + (page / 3 * 0x5000)), ref sink);
            Assert.InRange(fuser.OpenCount, 1, 2);
        }

        fuser.Complete(ref sink);
        Assert.Equal(stride == 0x1000 ? 33_334 : 100_000, sink.Count);
        Assert.Equal(0, fuser.OpenCount);
    }

    [Fact]
    public void WhatIsHeldFollowsTheOverlapNotTheInput()
    {
        // 40 classes, each with an interval of 40 that starts one after the one before.
        var fuser = new StreamingFuser<NoTag, NoTag>(Both);
        var sink = new CountingSink<NoTag>();
        for (ulong address = 0; address < 100_000; address++)
        {
            fuser.Add(At(address, 40, 0, address % 47), ref sink);
            Assert.InRange(fuser.OpenCount, 1, 42);
        }

        fuser.Complete(ref sink);
        Assert.Equal(100_000, sink.Count);
    }

    [Fact]
    public void ManyOpenClassesAreFound()
    {
        // All open at once, far beyond what is scanned; every class gets a second half, in another order.
        const int Classes = 5000;
        var fuser = new StreamingFuser<int, SumMerger>(Both);
        var sink = new ListSink<int>();
        for (int index = 0; index < 2 * Classes; index++)
        {
            ulong half = (ulong)(index / Classes);
            ulong rights = (ulong)(half == 0 ? index : (index - Classes) * 7 % Classes);
            fuser.Add(new FuseItem<int>(Interval.FromStartAndSize(half * 10, 10), half * 10, rights, 0, 1), ref sink);
        }

        fuser.Complete(ref sink);
        Assert.Equal(
            Enumerable.Range(0, Classes)
                .Select(rights => new FuseItem<int>(Interval.FromStartAndSize(0, 20), 0, (ulong)rights, 0, 2)),
            sink.Items);
    }

    [Fact]
    public void DoesNotAllocatePerItem()
    {
        var fuser = new StreamingFuser<NoTag, NoTag>(Both);
        var sink = new CountingSink<NoTag>();
        ulong address = 0;
        Run(10_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(10_000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);

        void Run(int count)
        {
            for (int index = 0; index < count; index++)
            {
                // Overlapping enough to use the hash table and the sort.
                fuser.Add(At(address & ~3UL, 40, 0, address % 47), ref sink);
                address++;
            }
        }
    }

    private struct CountingSink<TTag> : IFuseSink<TTag>
    {
        public int Count { get; private set; }

        public void Emit(in FuseItem<TTag> item) => Count++;
    }
}
