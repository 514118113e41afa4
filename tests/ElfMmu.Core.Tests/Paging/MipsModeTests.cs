using System.Buffers.Binary;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Paging;

/// <summary>MIPS's fixed segments and page walks of several shapes in small cases made by hand.</summary>
public sealed class MipsModeTests : IDisposable
{
    private const int Root = 0x10000;
    private const int Pages = 0x20000;
    private const ulong Kseg0 = 0x8000_0000;
    private const ulong Global = 1;
    private const ulong Valid = 2;
    private const ulong Dirty = 4;

    // Shift 6: bits 5 and 4 of an entry are RI and XI.
    private const int Shift = 6;
    private const ulong NoRead = 1 << 5;
    private const ulong NoExecute = 1 << 4;

    private readonly Dictionary<string, ulong> _registers = new()
    {
        ["pwfield"] = (22UL << 24) | (12 << 6) | Shift,
        ["pwsize"] = (10UL << 24) | (10 << 6),
        ["config"] = 0x8000_0003,
    };

    private readonly MemoryDataSource _source = new("memory", 0x10_0000);
    private ByteOrder _order = ByteOrder.Big;
    private PhysicalMemory? _memory;

    public void Dispose() => _memory?.Dispose();

    [Theory]
    [InlineData(ByteOrder.Big)]
    [InlineData(ByteOrder.Little)]
    public void PagesOfBothHalvesAreMapped(ByteOrder order)
    {
        _order = order;
        Put(Root + (4 * 4), Kseg0 + Pages);
        Put(Root + (0x3ff * 4), Kseg0 + 0x2000_0000 + Pages + 0x1000);
        Put(Pages + (2 * 4), Lo(0x5000, Dirty));
        Put(Pages + 0x1000 + (0x3ff * 4), Lo(0x6000, 2 << 3));
        List<Mapping> mappings = Mapped();
        Assert.Equal([(0x0100_2000UL, 0x5000UL), (0xffff_f000, 0x6000)], mappings.Select(m => (m.VirtualAddress, m.PhysicalAddress)));
        Assert.Equal(("rwx", "rwx"), Rights(mappings[0]));
        Assert.Equal(("---", "r-x"), Rights(mappings[1]));
        Assert.Equal("uncached", PagingModes.Get("mips32").CacheNames[mappings[1].Attributes.CacheIndex]);
    }

    [Fact]
    public void TheUnmappedSegmentsShowTheSameMemory()
    {
        List<Mapping> mappings = Walk(out WalkSummary summary);
        Assert.Equal([(Kseg0, 0UL), (0xa000_0000UL, 0UL)], mappings.Select(m => (m.VirtualAddress, m.PhysicalAddress)));
        Assert.All(mappings, m => Assert.Equal(("---", "rwx"), Rights(m)));
        Assert.All(mappings, m => Assert.Equal(_source.Length, m.Size));
        Assert.All(mappings, m => Assert.Equal(0x2000_0000UL, m.Attributes.PageSize));
        Assert.Equal([3, 2], mappings.Select(m => m.Attributes.CacheIndex));
        Assert.Equal(0UL, summary.Leaves);
    }

    [Theory]
    [InlineData(NoRead, "-wx")]
    [InlineData(NoExecute, "rw-")]
    [InlineData(NoRead | NoExecute, "-w-")]
    public void InhibitsCountUnlessTheyAreOff(ulong bits, string rights)
    {
        Put(Root, Kseg0 + Pages);
        Put(Pages, Lo(0x5000, Dirty) | bits);
        Assert.Equal(rights, Rights(Mapped()[0]).User);
        _registers["pagegrain"] = 0;
        Assert.Equal("rwx", Rights(Mapped()[0]).User);
        _registers["pagegrain"] = 0xc000_0000;
        Assert.Equal(rights, Rights(Mapped()[0]).User);
    }

    [Fact]
    public void WhatIsInvalidOrWithoutRightsMapsNothing()
    {
        Put(Root, Kseg0 + Pages);
        Put(Pages, Lo(0x5000, Dirty) & ~(Valid << Shift));
        Put(Pages + 4, Lo(0x6000) | NoRead | NoExecute);
        Assert.Empty(Mapped());
    }

    [Fact]
    public void APairIsGlobalIfBothAre()
    {
        Put(Root, Kseg0 + Pages);
        Put(Pages, Lo(0x5000, Global));
        Put(Pages + 4, Lo(0x6000, Global));
        Put(Pages + 8, Lo(0x8000, Global));
        Put(Pages + 12, Lo(0xa000));
        Assert.Equal([true, false, false], Mapped().Select(m => m.Attributes.Global));
    }

    [Fact]
    public void TablesAreReadInUnmappedSegmentsOnly()
    {
        Put(Pages, Lo(0x5000));
        Put(Root, Pages);
        Put(Root + 4, 0xc000_0000 + Pages);
        Put(Root + 8, Kseg0 + Pages + 2);
        Assert.Empty(Mapped());
    }

    [Fact]
    public void ATableOutsideOfTheDumpIsCounted()
    {
        Put(Root, Kseg0 + 0x100_0000);
        Walk(out WalkSummary summary);
        Assert.Equal((1UL, 0x100_0000UL), (summary.AbsentTables, summary.FirstAbsentTable!.Value));
    }

    [Fact]
    public void ADirectoryOfOddPowerHasPagesOfItsOwnSpan()
    {
        _registers["pwfield"] = (21UL << 24) | (12 << 6) | Shift;
        _registers["pwsize"] = (11UL << 24) | (9 << 6);
        Put(Root + 8, Lo(0x30_0000, Dirty | Global) | 8);
        Assert.Empty(Mapped());
        _registers["pwctl"] = 0x40 | 3;
        Mapping page = Assert.Single(Mapped());
        Assert.Equal((0x40_0000UL, 0x20_0000UL, 0x20_0000UL), (page.VirtualAddress, page.PhysicalAddress, page.Size));
        Assert.Equal(0x20_0000UL, page.Attributes.PageSize);
        Assert.True(page.Attributes.Global);
    }

    [Fact]
    public void ADirectoryOfEvenPowerNeedsDualPages()
    {
        Put(Root + 8, Lo(0x40_0000, Global) | 8);
        Put(Root + 12, Lo(0x80_0000) | 8);
        _registers["pwctl"] = 0x40 | 3;
        Assert.DoesNotContain(Walk(out WalkSummary summary), IsMapped);
        Assert.Equal(2UL, summary.ReservedEntries);
        _registers["pwctl"] = 0x80 | 0x40 | 3;
        Mapping pages = Assert.Single(Mapped());
        Assert.Equal((0x80_0000UL, 0x40_0000UL, 0x80_0000UL), (pages.VirtualAddress, pages.PhysicalAddress, pages.Size));
        Assert.Equal(0x40_0000UL, pages.Attributes.PageSize);
        Assert.False(pages.Attributes.Global);
    }

    [Fact]
    public void PagesCanBeLarger()
    {
        _registers["pwfield"] = (22UL << 24) | (14 << 6) | Shift;
        _registers["pwsize"] = (10UL << 24) | (8 << 6);
        Put(Root, Kseg0 + Pages);
        Put(Pages + 4, Lo(0x1_2000));
        Mapping page = Assert.Single(Mapped());
        Assert.Equal((0x4000UL, 0x1_0000UL, 0x4000UL), (page.VirtualAddress, page.PhysicalAddress, page.Attributes.PageSize));
    }

    [Fact]
    public void AllDirectoriesCanBeThere()
    {
        _registers["pwfield"] = (30UL << 24) | (26 << 18) | (20 << 12) | (12 << 6) | Shift;
        _registers["pwsize"] = (2UL << 24) | (4 << 18) | (6 << 12) | (8 << 6);
        Put(Root + 4, Kseg0 + Pages);
        Put(Pages + 8, Kseg0 + Pages + 0x1000);
        Put(Pages + 0x1000 + 12, Kseg0 + Pages + 0x2000);
        Put(Pages + 0x2000 + 16, Lo(0x5000));
        Assert.Equal((1UL << 30) | (2 << 26) | (3 << 20) | (4 << 12), Assert.Single(Mapped()).VirtualAddress);
    }

    [Fact]
    public void BitsThatNoFieldHoldsRepeatTheTable()
    {
        // The top bit of an address selects nothing, so the upper half shows the same pages, where it is mapped at all.
        _registers["pwsize"] = (9UL << 24) | (10 << 6);
        Put(Root + (0x100 * 4), Kseg0 + Pages);
        Put(Pages, Lo(0x5000));
        Assert.Equal([0x4000_0000UL, 0xc000_0000], Mapped().Select(m => m.VirtualAddress));
    }

    [Fact]
    public void EntriesCanBeWide()
    {
        _registers["pwsize"] |= 1;
        Put(Root, Kseg0 + Pages);
        ulong entry = (Lo(0x5000, Dirty) & 0xffff_ffff) | (1UL << (32 + Shift));
        Put(Pages + 8, (uint)(entry >> 32));
        Put(Pages + 12, (uint)entry);
        Mapping page = Assert.Single(Mapped());
        Assert.Equal((0x1000UL, 0x10_0000_5000UL), (page.VirtualAddress, page.PhysicalAddress));
    }

    [Fact]
    public void WhileAnErrorIsHandledKusegIsUnmapped()
    {
        Put(Root, Kseg0 + Pages);
        Put(Pages, Lo(0x5000));
        _registers["status"] = 4;
        List<Mapping> mappings = Walk(out _);
        Assert.Equal([0UL, Kseg0, 0xa000_0000], mappings.Select(m => m.VirtualAddress));
        Assert.Equal(("---", "rwx"), Rights(mappings[0]));
    }

    [Fact]
    public void ATableFullOfItselfIsFinite()
    {
        for (int i = 0; i < 0x400; i++)
        {
            Put(Root + (4 * i), Kseg0 + Root);
        }

        // As an EntryLo the pointer has V = 0; what counts is that the walk ends.
        Assert.Equal(2, Walk(out WalkSummary summary).Count);
        Assert.Equal(2UL + 512 + 256, summary.Tables);
    }

    [Theory]
    [InlineData("pwfield")]
    [InlineData("pwsize")]
    public void WithoutTheShapeOfTheTablesTheUnmappedSegmentsAreListed(string register)
    {
        Put(Root, Kseg0 + Pages);
        Put(Pages, Lo(0x5000));
        _registers.Remove(register);
        Assert.Equal([Kseg0, 0xa000_0000UL], Walk(out WalkSummary summary).Select(m => m.VirtualAddress));
        Assert.Contains("PWField", Assert.Single(summary.Warnings));
        Assert.Equal(0UL, summary.Tables);
    }

    [Theory]
    [InlineData((22UL << 24) | (12 << 6) | Shift, 10 << 6)]
    [InlineData((22UL << 24) | (12 << 6) | 1, (10 << 24) | (10 << 6))]
    [InlineData((22UL << 24) | (11 << 6) | Shift, (10 << 24) | (10 << 6))]
    [InlineData((22UL << 24) | (12 << 6) | Shift, (10 << 24) | (10 << 6) | 2)]
    [InlineData((22UL << 24) | (13 << 6) | Shift, (10 << 24) | (9 << 6))]
    [InlineData((22UL << 24) | (30 << 6) | Shift, (10 << 24) | (2 << 6))]
    [InlineData((11UL << 24) | (12 << 6) | Shift, (10 << 24) | (10 << 6))]
    [InlineData((22UL << 24) | (12 << 6) | 32, (10 << 24) | (10 << 6))]
    [InlineData(0, 0)]
    public void WhereTheShapeIsNoneTheUnmappedSegmentsAreListed(ulong field, ulong size)
    {
        Put(Root, Kseg0 + Pages);
        Put(Pages, Lo(0x5000));
        _registers["pwfield"] = field;
        _registers["pwsize"] = size;
        Assert.Equal([Kseg0, 0xa000_0000UL], Walk(out WalkSummary summary).Select(m => m.VirtualAddress));
        Assert.Contains("describe no page walk", Assert.Single(summary.Warnings));
    }

    [Fact]
    public void OfALargeTableAPartIsEnough()
    {
        // 8 KiB of top table, of which the second half is in the dump.
        _registers["pwfield"] = (21UL << 24) | (12 << 6) | Shift;
        _registers["pwsize"] = (11UL << 24) | (9 << 6);
        Put(Root + (0x600 * 4), Kseg0 + Pages);
        Put(Pages, Lo(0x5000));
        _memory = new PhysicalMemory([new PhysicalRun(Root + 0x1000, 0x8_0000, _source, Root + 0x1000)]);
        Assert.Equal((0xc000_0000, 0x5000UL), Mapped().Select(m => (m.VirtualAddress, m.PhysicalAddress)).Single());
        Walk(out WalkSummary summary);
        Assert.Equal((2UL, 1UL, (ulong)Root), (summary.Tables, summary.AbsentTables, summary.FirstAbsentTable!.Value));
    }

    [Fact]
    public void TheUpperHalfOfAnEntryCountsUnlessItIsOff()
    {
        _registers["pwsize"] |= 1;
        Put(Root, Kseg0 + Pages);
        ulong entry = (Lo(0x5000) & 0xffff_ffff) | (1UL << (32 + Shift));
        Put(Pages, (uint)(entry >> 32));
        Put(Pages + 4, (uint)entry);
        Assert.Equal(0x10_0000_5000UL, Assert.Single(Mapped()).PhysicalAddress);
        _registers["pagegrain"] = 7UL << 29;
        Assert.Equal(0x10_0000_5000UL, Assert.Single(Mapped()).PhysicalAddress);
        _registers["pagegrain"] = 3UL << 30;
        Assert.Equal(0x5000UL, Assert.Single(Mapped()).PhysicalAddress);
    }

    [Fact]
    public void OfTwoEntriesTheAddressSaysWhichEvenIfOneIsOutOfReach()
    {
        // Bit 2 of the table's address is joined to every offset, so only the odd entries can be found to be pages.
        _registers["pwctl"] = 0x80 | 0x40 | 3;
        Put(Root, Kseg0 + Pages);
        Put(Root + 8, Lo(0x40_0000, Global));
        Put(Root + 12, Lo(0x80_0000, Global) | 8);
        WalkRequest request = Request() with { Root = Root + 4, IncludeAbsent = true };
        Assert.Equal(
            [(0x80_0000UL, 0x40_0000UL), (0xc0_0000, 0x80_0000)],
            PagingModes.Get("mips32").Walk(request with { PerPage = true }, out _)
                .Where(IsMapped).Select(m => (m.VirtualAddress, m.PhysicalAddress)));
    }

    [Theory]
    [InlineData(0x8001_0000UL)]
    [InlineData(0xa001_0000UL)]
    [InlineData(0xffff_ffff_8001_0000UL)]
    [InlineData(0x1_0000UL)]
    public void TheRootIsAnAddressInAnUnmappedSegmentOrAPhysicalOne(ulong value) =>
        Assert.Equal((ulong)Root, PagingModes.Get("mips32").DecodeRoot(value, new PagingOptions()));

    [Fact]
    public void ARootOutsideOfTheDumpIsAnError() =>
        Throws.Error("RootNotInDump", () => PagingModes.Get("mips32").Walk(Request() with { Root = 0x100_0000 }, out _));

    [Fact]
    public void CancellingEndsAWalk()
    {
        WalkRequest request = Request() with { Cancellation = new CancellationToken(canceled: true) };
        Assert.Throws<OperationCanceledException>(() => PagingModes.Get("mips32").Walk(request, out _));
    }

    private static bool IsMapped(Mapping mapping) => mapping.Attributes.Level != 0;

    private static (string User, string Supervisor) Rights(Mapping mapping) =>
        (RightsFormat.Format(mapping.Attributes.User), RightsFormat.Format(mapping.Attributes.Supervisor));

    private static ulong Lo(ulong physical, ulong bits = 0) => ((physical >> 6) | bits | Valid) << Shift;

    /// <summary>What the tables map, without the fixed segments.</summary>
    private List<Mapping> Mapped() =>
        [.. PagingModes.Get("mips32").Walk(Request() with { IncludeAbsent = true }, out _).Where(IsMapped)];

    private List<Mapping> Walk(out WalkSummary summary) => PagingModes.Get("mips32").Walk(Request(), out summary);

    private WalkRequest Request()
    {
        _memory ??= new PhysicalMemory([new PhysicalRun(0, _source.Length, _source, 0)]);
        return new WalkRequest
        {
            Memory = _memory,
            Map = new PhysicalMap(_memory, []),
            Root = Root,
            Options = new PagingOptions { ByteOrder = _order, Registers = new RegisterSet(_registers) },
        };
    }

    private void Put(int physical, ulong entry)
    {
        Span<byte> place = _source.Bytes.Slice(physical, 4);
        if (_order == ByteOrder.Big)
        {
            BinaryPrimitives.WriteUInt32BigEndian(place, (uint)entry);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(place, (uint)entry);
        }
    }
}
