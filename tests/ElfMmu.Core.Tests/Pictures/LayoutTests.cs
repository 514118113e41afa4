using ElfMmu.Paging;
using ElfMmu.Pictures;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Pictures;

/// <summary>What holds of every picture, whatever is drawn; and what the axis folds.</summary>
public sealed class LayoutTests
{
    private const int Seeds = 400;
    private const ulong Page = 4096;

    [Fact]
    public void EveryMappingIsInExactlyOneStroke() => ForAll((layout, _) =>
    {
        for (int column = 0; column < layout.Columns.Count; column++)
        {
            int next = 0;
            foreach (Stroke stroke in layout.Strokes[column].SelectMany(s => s))
            {
                Assert.Equal(next, stroke.From);
                Assert.True(stroke.To > stroke.From);
                next = stroke.To;
            }

            Assert.Equal(layout.Mappings[column].Length, next);
        }
    });

    [Fact]
    public void StrokesKeepTheirOrderAndDoNotOverlap() => ForAll((layout, _) =>
    {
        foreach (List<Stroke>[] column in layout.Strokes)
        {
            for (int row = 0; row < column.Length; row++)
            {
                int free = 0;
                foreach (Stroke stroke in column[row])
                {
                    Assert.True(stroke.Top >= free && stroke.Bottom > stroke.Top);
                    free = stroke.Bottom;
                }

                Assert.True(free <= layout.Stretches[row].Cells);
            }
        }
    });

    [Fact]
    public void NoEdgeIsFurtherThanACellFromItsPlace() => ForAll((layout, _) => ForEachStroke(layout, (column, row, stroke) =>
    {
        Stretch stretch = layout.Stretches[row];
        ulong first = layout.Mappings[column][stroke.From].VirtualAddress;
        ulong last = layout.Mappings[column][stroke.To - 1].LastAddress;
        Assert.InRange(first, stretch.First, stretch.Last);
        Assert.InRange(last, stretch.First, stretch.Last);
        double scale = stretch.Cells / (double)stretch.Size;
        Assert.InRange(stroke.Top, ((first - stretch.First) * scale) - 1.001, ((first - stretch.First) * scale) + 1.001);
        Assert.InRange(stroke.Bottom, ((last - stretch.First + 1) * scale) - 1.001, ((last - stretch.First + 1) * scale) + 1.001);
    }));

    [Fact]
    public void OnlyWhatIsTooThinIsMerged() => ForAll((layout, _) =>
    {
        int merged = 0;
        ForEachStroke(layout, (column, row, stroke) =>
        {
            Stretch stretch = layout.Stretches[row];
            merged += stroke.Count > 1 ? stroke.Count : 0;
            Assert.True(stroke.Count == 1 || stroke.Bottom == stroke.Top + 1);
            for (int i = stroke.From; i < stroke.To && stroke.Count > 1; i++)
            {
                Assert.True((UInt128)layout.Mappings[column][i].Size * (uint)stretch.Cells < 2 * stretch.Size);
            }
        });
        Assert.Equal(merged, layout.MergedMappings);
        Assert.Equal(layout.MappingCount - merged + layout.MergedStrokes, layout.StrokeCount);
    });

    [Fact]
    public void EqualAddressesStandAtEqualHeight() => ForAll((layout, _) =>
    {
        // The edges of strokes of one mapping, by the address they stand for: no two columns disagree by more than a thin neighbour
        // takes of each.
        Dictionary<(int Row, ulong Address), (int Top, int Bottom)> seen = [];
        ForEachStroke(layout, (column, row, stroke) =>
        {
            ulong address = layout.Mappings[column][stroke.From].VirtualAddress;
            if (!seen.TryAdd((row, address), (stroke.Top, stroke.Bottom)))
            {
                Assert.InRange(stroke.Top - seen[(row, address)].Top, -1, 1);
            }
        });
    });

    [Fact]
    public void ASpaceStandsAsHighBesideItselfAsBesideOthers()
    {
        IEnumerable<Mapping> mappings = PictureCase.Random(7)[0].ToArray();
        PictureLayout layout = PictureCase.Of(mappings, mappings).Layout();
        Assert.Equal(layout.Strokes[0].SelectMany(s => s), layout.Strokes[1].SelectMany(s => s));
        Assert.Equal(PictureCase.Of(mappings).Layout().Stretches, layout.Stretches);
    }

    [Fact]
    public void StretchesAscendHoldEverythingAndBeginAndEndWithSomething() => ForAll((layout, _) =>
    {
        Mapping[] all = [.. layout.Mappings.SelectMany(m => m)];
        for (int i = 0; i < layout.Stretches.Length; i++)
        {
            Stretch stretch = layout.Stretches[i];
            Assert.True(stretch.Cells >= AddressAxis.FewestCells);
            Assert.True(i == 0 || stretch.First > layout.Stretches[i - 1].Last + 1);
            Assert.Contains(all, m => m.VirtualAddress == stretch.First);
            Assert.Contains(all, m => m.LastAddress == stretch.Last);
        }

        Assert.InRange(layout.Stretches.Length, 1, AddressAxis.MostStretches + 1);
    });

    [Fact]
    public void WhatComesInDisorderIsDrawnTheSame()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            Mapping[] mappings = [.. PictureCase.Random(seed)[0]];
            PictureLayout ordered = PictureCase.Of(mappings).Layout();
            new Random(seed).Shuffle(mappings);
            PictureLayout shuffled = PictureCase.Of(mappings).Layout();
            Assert.Equal(ordered.Mappings[0], shuffled.Mappings[0]);
            Assert.Equal(ordered.Stretches, shuffled.Stretches);
        }
    }

    [Fact]
    public void AGapThatIsSmallBesideItsNeighboursIsNotFolded()
    {
        Stretch[] stretches = Axis((0x40_0000, 1 << 20), (0x54_0000, 1 << 20));
        Assert.Equal(0x40_0000u, Assert.Single(stretches).First);
        Assert.Equal(0x63_ffffu, stretches[0].Last);
    }

    [Fact]
    public void AFewPagesAreNotFolded() => Assert.Single(Axis((0, Page), (17 * Page, Page)));

    [Fact]
    public void ALargerGapIsFolded() => Assert.Equal(
        [(0UL, Page - 1), (18 * Page, (19 * Page) - 1)], Axis((0, Page), (18 * Page, Page)).Select(s => (s.First, s.Last)));

    [Fact]
    public void TheHalvesAreNeverOneStretch()
    {
        // The hole between them is as small as anything can make it.
        const ulong Middle = 1UL << 63;
        Stretch[] stretches = Axis((Middle - (2 * Page), Page), (Middle, Page));
        Assert.Equal([false, true], stretches.Select(s => s.IsUpperHalf));
    }

    [Fact]
    public void TheWholeAddressSpaceCanBeOneStretch()
    {
        Mapping[] mappings = [PictureCase.Map(0, 1UL << 63, 0), PictureCase.Map(1UL << 63, 1UL << 63, 0)];
        PictureLayout layout = PictureCase.Of(mappings).Layout();
        Assert.Equal(UInt128.One << 64, Assert.Single(layout.Stretches).Size);
        Assert.Equal([(0, layout.Stretches[0].Cells / 2)], layout.Strokes[0][0].Take(1).Select(s => (s.Top, s.Bottom)));
    }

    [Fact]
    public void ALargerStretchIsTaller()
    {
        Stretch[] stretches = Axis((0, Page), (1UL << 30, 64 * Page), (1UL << 40, 1UL << 30));
        Assert.True(stretches[0].Cells < stretches[1].Cells && stretches[1].Cells < stretches[2].Cells);
    }

    [Theory]
    [InlineData(1, AddressAxis.MostStretches)]
    [InlineData(20, 133)]
    [InlineData(PictureLayout.MostSpaces, AddressAxis.MostStretchesOfMany)]
    public void ManyFarPagesAreABoundedNumberOfStretches(int columns, int stretches)
    {
        IEnumerable<Mapping>[] spaces = [.. Enumerable.Repeat(
            Enumerable.Range(0, 20_000).Select(i => PictureCase.Map((ulong)i << 30, Page, 0x1000, Rights.None)).ToArray(), columns)];
        PictureLayout layout = PictureCase.Of(spaces).Layout();
        Assert.Equal(stretches, layout.Stretches.Length);
        Assert.InRange(layout.Stretches.Sum(s => s.Cells), AddressAxis.FewestCells * stretches, 4000);
        Assert.Equal(20_000 * columns, layout.MappingCount);
        Assert.InRange(layout.StrokeCount, stretches * columns, 40_000);
    }

    [Fact]
    public void AMappingTwiceOrAPartOfItDoesNoHarm()
    {
        Mapping whole = PictureCase.Map(0x1000, 0x8000, 0x10_0000);
        Mapping part = PictureCase.Map(0x2000, 0x1000, 0x10_1000);
        Mapping beyond = PictureCase.Map(0x7000, 0x4000, 0x10_6000);
        PictureLayout layout = PictureCase.Of([part, whole, beyond, whole]).Layout();
        Assert.Equal([whole, PictureCase.Map(0x9000, 0x2000, 0x10_8000)], layout.Mappings[0]);
    }

    [Fact]
    public void TwoMappingsOfOneAddressAreAConflict()
    {
        Throws.Error("MappingConflict", () => PictureCase.Of([PictureCase.Map(0x1000, 0x2000, 0x5000), PictureCase.Map(0x2000, 0x1000, 0x5000)]).Layout());
        Throws.Error("MappingConflict", () => PictureCase.Of(
            [PictureCase.Map(0x1000, 0x1000, 0x5000), PictureCase.Map(0x1000, 0x1000, 0x5000, PictureCase.Rx)]).Layout());
    }

    [Fact]
    public void NothingIsAnError()
    {
        Throws.Error("NothingToDraw", () => new AddressSpacePicture().Layout());
        Throws.Error("NothingToDraw", () => PictureCase.Of([], []).Layout());
    }

    [Fact]
    public void TooManySpacesAreAnError()
    {
        IEnumerable<Mapping>[] columns = [.. Enumerable.Repeat<Mapping[]>([PictureCase.Map(0, Page)], PictureLayout.MostSpaces + 1)];
        Throws.Error("TooManySpaces", () => PictureCase.Of(columns).Layout());
        Assert.Equal(PictureLayout.MostSpaces, PictureCase.Of(columns[1..]).Layout().Columns.Count);
    }

    [Fact]
    public void TheFilterChooses()
    {
        var picture = new AddressSpacePicture(MappingFilter.Parse("w", Privilege.User));
        picture.Add(PictureCase.Map(0x1000, Page), PictureCase.Space());
        picture.Add(PictureCase.Map(0x2000, Page, user: PictureCase.Rx), PictureCase.Space());
        picture.Add(PictureCase.Map(0x3000, Page, user: Rights.None), PictureCase.Space());
        Assert.Equal(0x1000u, Assert.Single(picture.Layout().Mappings[0]).VirtualAddress);
    }

    private static Stretch[] Axis(params (ulong Address, ulong Size)[] mappings) =>
        PictureCase.Of(mappings.Select(m => PictureCase.Map(m.Address, m.Size))).Layout().Stretches;

    private static void ForAll(Action<PictureLayout, int> check)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            PictureLayout layout = PictureCase.Of(PictureCase.Random(seed)).Layout();
            try
            {
                check(layout, seed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}: {e.Message}", e);
            }
        }
    }

    private static void ForEachStroke(PictureLayout layout, Action<int, int, Stroke> check)
    {
        for (int column = 0; column < layout.Columns.Count; column++)
        {
            for (int row = 0; row < layout.Stretches.Length; row++)
            {
                foreach (Stroke stroke in layout.Strokes[column][row])
                {
                    check(column, row, stroke);
                }
            }
        }
    }
}
