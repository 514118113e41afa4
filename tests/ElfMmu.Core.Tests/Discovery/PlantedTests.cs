using ElfMmu.Discovery;
using ElfMmu.Paging;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Xunit;

namespace ElfMmu.Tests.Discovery;

/// <summary>Address spaces made at random are found in noise, and nothing beside them is.</summary>
public class PlantedTests
{
    private static readonly ulong[] Bases = [0, 0x1000_0000, 0x4000_0000, 0x6000_0000, 0x8000_0000];

    /// <summary>The RAM of PCs starts at 0; that of other machines can be anywhere.</summary>
    private static ulong Base(string style, Random random) =>
        PagingModes.Get(TableStyles.Get(style).Mode).Architecture == Architecture.X86 ? 0 : Bases[random.Next(Bases.Length)];

    // The same cases in every run: a failure is the fault of a change, and never of chance.
    private static readonly Config Same = Config.QuickThrowOnFailure.WithMaxTest(12).WithReplay(
        FSharpOption<Replay>.Some(new Replay(new Rnd(20_240_917, 12_345_679), FSharpOption<int>.None)));

    [Theory]
    [ClassData(typeof(TableStyles))]
    public void FoundWhereTheRamBaseIsKnown(string style) => Check(seed =>
    {
        var random = new Random(seed);
        ulong ramBase = Bases[random.Next(Bases.Length)];
        var space = new PlantedSpace(TableStyles.Get(style), seed, ramBase, random.Next(5, 200), random.Next(1, 6));
        Assert(space, TableStyles.Get(style), ramBase, Searches.Find(space.Image, ramBase));
    });

    [Theory]
    [ClassData(typeof(TableStyles))]
    public void FoundWithItsRamBase(string style) => Check(seed =>
    {
        var random = new Random(seed);
        ulong ramBase = Base(style, random);
        var space = new PlantedSpace(TableStyles.Get(style), seed, ramBase, random.Next(60, 200), random.Next(8, 12));
        Assert(space, TableStyles.Get(style), ramBase, Searches.Find(space.Image));
    });

    private static void Assert(PlantedSpace space, TableStyle style, ulong ramBase, RootSearch search)
    {
        string planted = $"0x{space.Root:x}{(space.UpperRoot is { } upper ? $" and 0x{upper:x}" : "")} at 0x{ramBase:x}, found:"
            + Searches.Lines(search.Roots.Take(12));
        PageTableRoot[] above = search.Above();
        Xunit.Assert.True(above is [var best, ..] && space.IsRoot(best.Root), "Not the best: " + planted);
        Xunit.Assert.All(above, r => Xunit.Assert.True(space.IsRoot(r.Root), $"{Searches.Line(r)} beside {planted}"));
        Xunit.Assert.All(above, r => Xunit.Assert.Equal((style.Mode, ramBase), (r.Mode.Name, r.RamBase)));
        Xunit.Assert.True(above.Any(r => r.Root == space.Root && !r.IsUpperHalf), "User mode's is missing: " + planted);
        Xunit.Assert.True(space.UpperRoot is not { } kernel || above.Any(r => r.Root == kernel && r.IsUpperHalf), "The kernel's is missing: " + planted);
        Xunit.Assert.DoesNotContain(above, r => space.LowerTables.Contains(r.Root));
    }

    private static void Check(Action<int> check) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            try
            {
                check(seed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"The space of seed {seed}: {e.Message}", e);
            }
        }).Check(Same);
}
