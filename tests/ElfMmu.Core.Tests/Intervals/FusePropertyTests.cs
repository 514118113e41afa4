using ElfMmu.Intervals;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace ElfMmu.Tests.Intervals;

public class FusePropertyTests
{
    [Fact]
    public void BatchIsWhatTheContractSays() => Check(it =>
        Fuse(it.Items, it.By).SequenceEqual(FuseOracle.Fuse(it.Items, it.By, it.Origin, FuseCase.Universe)));

    [Fact]
    public void StreamIsWhatTheContractSays() => Check(it =>
        Stream(it.Shuffled().OrderBy(item => item.Interval.Start), it.By)
            .SequenceEqual(FuseOracle.Fuse(it.Items, it.By, it.Origin, FuseCase.Universe)));

    [Fact]
    public void BuilderIsWhatTheContractSays() => Check(it =>
    {
        var builder = new FuseBuilder<int, SumMerger>(it.By);
        FuseItem<int>[] shuffled = it.Shuffled();
        foreach (FuseItem<int> item in shuffled)
        {
            builder.Add(in item);
            if (item == shuffled[shuffled.Length / 2])
            {
                // Looking at the result must not disturb what follows.
                _ = builder.ToArray();
            }
        }

        return builder.ToArray().SequenceEqual(FuseOracle.Fuse(it.Items, it.By, it.Origin, FuseCase.Universe));
    });

    [Fact]
    public void OrderOfInputDoesNotMatter() => Check(it =>
        Fuse(it.Items, it.By).SequenceEqual(Fuse(it.Shuffled(), it.By)));

    [Fact]
    public void FusingAgainChangesNothing() => Check(it =>
        Fuse(Fuse(it.Items, it.By), it.By).SequenceEqual(Fuse(it.Items, it.By)));

    [Fact]
    public void EveryAddressKeepsItsTargetsRightsAndGroups() => Check(it =>
        FuseOracle.Facts(Fuse(it.Items, FuseBy.Target | FuseBy.Rights)).SetEquals(FuseOracle.Facts(it.Items)));

    [Fact]
    public void NothingIsEmittedThatCouldStillChange() => Check(it =>
    {
        // Every prefix of what was emitted at any time is final, and nothing final is held back.
        FuseItem<int>[] sorted = [.. it.Items.OrderBy(item => item.Interval.Start)];
        var sink = new ListSink<int>();
        var fuser = new StreamingFuser<int, SumMerger>(it.By);
        for (int count = 1; count <= sorted.Length; count++)
        {
            fuser.Add(in sorted[count - 1], ref sink);
            FuseItem<int>[] soFar = Fuse(sorted[..count], it.By);
            ulong start = sorted[count - 1].Interval.Start;
            int final = soFar.TakeWhile(item => item.Interval.Last < start && item.Interval.Last + 1 < start).Count();

            // Those with the same start go together.
            while (final > 0 && final < soFar.Length && soFar[final].Interval.Start == soFar[final - 1].Interval.Start)
            {
                final--;
            }

            if (!sink.Items.SequenceEqual(soFar.Take(final)) || fuser.OpenCount != soFar.Length - final)
            {
                return false;
            }
        }

        return true;
    });

    private static FuseItem<int>[] Fuse(FuseItem<int>[] items, FuseBy by) =>
        IntervalFuser.Fuse<int, SumMerger>(items, by);

    private static List<FuseItem<int>> Stream(IEnumerable<FuseItem<int>> items, FuseBy by)
    {
        var sink = new ListSink<int>();
        var fuser = new StreamingFuser<int, SumMerger>(by);
        foreach (FuseItem<int> item in items)
        {
            fuser.Add(in item, ref sink);
        }

        fuser.Complete(ref sink);
        return sink.Items;
    }

    private static void Check(Func<FuseCase, bool> property) =>
        Prop.ForAll(FuseCase.Arbitrary(), property)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
}
