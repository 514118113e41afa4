using ElfMmu.Intervals;
using FsCheck;
using FsCheck.Fluent;
using Interval = ElfMmu.Intervals.Interval;

namespace ElfMmu.Tests.Intervals;

/// <summary>Some items in a universe of a few addresses, at the bottom, in the middle or at the top of the space.</summary>
internal sealed record FuseCase(FuseBy By, ulong Origin, FuseItem<int>[] Items, int Seed)
{
    public const int Universe = 32;

    public static Arbitrary<FuseCase> Arbitrary()
    {
        // Few displacements, rights and groups, so that alike and unlike items both are common.
        var items =
            from start in Gen.Choose(0, Universe - 1)
            from size in Gen.Frequency((4, Gen.Choose(1, 4)), (1, Gen.Choose(1, Universe)))
            from displacement in Gen.Choose(-1, 1)
            from rights in Gen.Choose(0, 1)
            from groupOf in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Constant(-7)))
            select (start, size: Math.Min(size, Universe - start), displacement, rights, groupOf);
        var cases =
            from fuseBy in Gen.Choose(0, 3)
            from origin in Gen.Elements<ulong>(0UL, 0x7fff_ffff_ffff_fff0, ulong.MaxValue - Universe + 1)
            from count in Gen.Frequency((3, Gen.Choose(0, 12)), (1, Gen.Choose(13, 60)))
            from list in Gen.ArrayOf(items, count)
            from seed in Gen.Choose(0, int.MaxValue - 1)
            select new FuseCase((FuseBy)fuseBy, origin, [.. list.Select(item => MakeItem(origin, item))], seed);
        return Arb.From(cases, Shrink);
    }

    public FuseItem<int>[] Shuffled()
    {
        FuseItem<int>[] shuffled = [.. Items];
        new Random(Seed).Shuffle(shuffled);
        return shuffled;
    }

    public override string ToString() => $"{By} {string.Join("; ", Items)}";

    private static FuseItem<int> MakeItem(ulong origin, (int Start, int Size, int Displacement, int Rights, int Group) item)
    {
        ulong start = origin + (ulong)item.Start;
        return new FuseItem<int>(
            Interval.FromStartAndSize(start, (ulong)item.Size),
            unchecked(start + (ulong)item.Displacement),
            (ulong)item.Rights,
            item.Group,
            1);
    }

    private static IEnumerable<FuseCase> Shrink(FuseCase large) =>
        Enumerable.Range(0, large.Items.Length)
            .Select(left => large with { Items = [.. large.Items.Where((_, index) => index != left)] });
}
