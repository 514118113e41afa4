using ElfMmu.Intervals;
using FsCheck;
using FsCheck.Fluent;
using Interval = ElfMmu.Intervals.Interval;

namespace ElfMmu.Tests.Intervals;

/// <summary>Disjoint intervals at the bottom, at the top or in the middle of the address space, and what their first addresses lead to.</summary>
public sealed record DisjointCase(TargetInterval[] Items)
{
    /// <summary>Every address where an answer can change: the ends of every interval and their neighbours, and those of the whole space.</summary>
    public IEnumerable<ulong> Addresses => Items
        .SelectMany(i => new[] { i.Interval.Start - 1, i.Interval.Start, i.Interval.Start + 1, i.Interval.Last - 1, i.Interval.Last, i.Interval.Last + 1 })
        .Concat(new ulong[] { 0, 1, ulong.MaxValue - 1, ulong.MaxValue });

    public static Arbitrary<DisjointCase> Arbitrary() => Arb.From(
        from count in Gen.OneOf(Gen.Choose(0, 20), Gen.Choose(250, 300), Gen.Choose(4600, 4700))
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from place in Gen.Choose(0, 2)
        select Make(count, seed, place));

    private static DisjointCase Make(int count, int seed, int place)
    {
        var random = new Random(seed);
        var items = new TargetInterval[count];
        ulong at = 0;
        for (int i = 0; i < count; i++)
        {
            ulong size = (ulong)random.Next(1, 5);
            items[i] = new TargetInterval(Interval.FromStartAndSize(at, size), (ulong)random.NextInt64());
            at += size + (ulong)random.Next(0, 3);
        }

        // Moved so that the last one ends with the address space, or around the middle, where signed numbers change their sign.
        ulong shift = count == 0 || place == 0 ? 0 : place == 1 ? ulong.MaxValue - items[^1].Interval.Last : (1UL << 63) - (at / 2);
        return new DisjointCase([.. items.Select(i => i with
        {
            Interval = Interval.FromStartAndLast(i.Interval.Start + shift, i.Interval.Last + shift),
        })]);
    }
}
