using System.Buffers.Binary;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Paging;

/// <summary>PowerPC's hashed page table, segments and blocks in small cases made by hand.</summary>
public sealed class PowerPcModeTests : IDisposable
{
    private const uint Table = 0x10_0000;
    private const uint ReadWrite = 2;
    private const uint ReadOnly = 3;
    private const uint Vsid = 0x12_3456;

    private readonly Dictionary<string, ulong> _registers = new() { ["sr1"] = Vsid };
    private readonly MemoryDataSource _source = new("memory", 0x20_0000);
    private PhysicalMemory? _memory;
    private uint _mask;

    public void Dispose() => _memory?.Dispose();

    [Fact]
    public void APageIsFoundWhateverItsHash()
    {
        Put(Vsid, 0, 0x5000 | ReadWrite);
        Put(Vsid, 0x3ff, 0x6000 | ReadWrite);
        Put(Vsid, 0xffff, 0x7000 | ReadWrite, slot: 7);
        Put(Vsid, 0x8421, 0x8000 | ReadWrite, secondary: true);
        Assert.Equal([(0x1000_0000UL, 0x5000UL), (0x103f_f000, 0x6000), (0x1842_1000, 0x8000), (0x1fff_f000, 0x7000)], Walk());
    }

    [Fact]
    public void ALargerTableHasLongerHashes()
    {
        _mask = 7;
        Put(Vsid, 0x0234, 0x5000 | ReadWrite);
        Put(Vsid, 0xabcd, 0x6000 | ReadWrite, secondary: true);
        Assert.Equal([(0x1023_4000UL, 0x5000UL), (0x1abc_d000, 0x6000)], Walk());

        // With half of the table the first one's group is never searched; the second one's hash starts with zeros.
        _mask = 3;
        Assert.Equal([(0x1abc_d000UL, 0x6000UL)], Walk());
    }

    [Fact]
    public void TheFirstOfDuplicatesCounts()
    {
        Put(Vsid, 5, 0x9000 | ReadWrite, secondary: true, slot: 0);
        Put(Vsid, 5, 0x7000 | ReadWrite, slot: 6);
        Put(Vsid, 5, 0x6000 | ReadWrite, slot: 2);
        Assert.Equal([(0x1000_5000UL, 0x6000UL)], Walk());
        Erase(Vsid, 5, secondary: false, slot: 2);
        Assert.Equal([(0x1000_5000UL, 0x7000UL)], Walk());
        Erase(Vsid, 5, secondary: false, slot: 6);
        Assert.Equal([(0x1000_5000UL, 0x9000UL)], Walk());
    }

    [Fact]
    public void AnEntryInAGroupThatNoSearchComesToMapsNothing()
    {
        _mask = 1;
        Put(Vsid, 0x1234, 0x5000 | ReadWrite);
        int offset = Offset(Vsid, 0x1234, secondary: false, slot: 0);
        Span<byte> entry = _source.Bytes.Slice(offset, 8);
        entry.CopyTo(_source.Bytes[(offset ^ 0x1_0000)..]);
        entry.Clear();
        Assert.Empty(Walk());
    }

    [Fact]
    public void SegmentsOfOneNumberShareTheirPages()
    {
        Put(Vsid, 5, 0x6000 | ReadWrite);
        _registers["sr3"] = Vsid | (1 << 28);
        _registers["sr15"] = Vsid | (1U << 31);
        List<Mapping> mappings = Mappings(out WalkSummary summary);
        Assert.Equal([0x1000_5000UL, 0x3000_5000], mappings.Select(m => m.VirtualAddress));
        Assert.Equal(Rights.Read | Rights.Write | Rights.Execute, mappings[0].Attributes.User);
        Assert.Equal(Rights.Read | Rights.Write, mappings[1].Attributes.User);
        Assert.Equal(2UL, summary.Leaves);
    }

    [Theory]
    [InlineData(0, 0, "rwx", "rwx")]
    [InlineData(0, 1, "rwx", "rwx")]
    [InlineData(0, 2, "rwx", "rwx")]
    [InlineData(0, 3, "r-x", "r-x")]
    [InlineData(1, 0, "---", "rwx")]
    [InlineData(1, 1, "r-x", "rwx")]
    [InlineData(1, 2, "rwx", "rwx")]
    [InlineData(1, 3, "r-x", "r-x")]
    [InlineData(2, 1, "rwx", "r-x")]
    [InlineData(2, 0, "rwx", "---")]
    public void RightsFollowFromKeysAndProtection(uint keys, uint pp, string user, string supervisor)
    {
        _registers["sr1"] = Vsid | (keys << 29);
        Put(Vsid, 5, 0x6000 | pp);
        Mapping mapping = Assert.Single(Mappings(out _));
        Assert.Equal(user, RightsFormat.Format(mapping.Attributes.User));
        Assert.Equal(supervisor, RightsFormat.Format(mapping.Attributes.Supervisor));
    }

    [Fact]
    public void NobodysPageIsLeftOut()
    {
        _registers["sr1"] = Vsid | (3 << 29);
        Put(Vsid, 5, 0x6000);
        Assert.Empty(Mappings(out _));
    }

    [Fact]
    public void BitsOfAnEntryAreListed()
    {
        Put(Vsid, 5, 0x6000 | (1 << 8) | (0b0101 << 3) | ReadWrite);
        Mapping mapping = Assert.Single(Mappings(out _));
        Assert.True(mapping.Attributes.Accessed);
        Assert.False(mapping.Attributes.Dirty);
        Assert.Equal("I, G", PagingModes.Get("ppc32").CacheNames[mapping.Attributes.CacheIndex]);
        Assert.Equal(4096UL, mapping.Attributes.PageSize);
    }

    [Fact]
    public void ABlockWinsOverItsSegment()
    {
        Put(Vsid, 5, 0x6000 | ReadWrite);
        Put(Vsid, 0x40, 0x7000 | ReadWrite);
        Block("dbat0", 0x1000_0003, 0x2_0002);
        Block("ibat0", 0x1000_0003, 0x2_0002);
        List<Mapping> mappings = Mappings(out _);
        Assert.Equal([(0x1000_0000UL, 0x2_0000UL), (0x1004_0000, 0x7000)], Addresses(mappings));
        Assert.Equal(0x2_0000UL, mappings[0].Size);
        Assert.Equal(0x2_0000UL, mappings[0].Attributes.PageSize);
        Assert.Equal("rwx", RightsFormat.Format(mappings[0].Attributes.User));
    }

    [Fact]
    public void ABlockWithoutRightsHidesItsSegment()
    {
        Put(Vsid, 5, 0x6000 | ReadWrite);
        Block("dbat2", 0x1000_0003, 0x2_0000);
        Block("ibat3", 0x1000_0003, 0x2_0000);
        Assert.Empty(Mappings(out _));
    }

    [Fact]
    public void ALargeBlockIsOneRun()
    {
        Block("dbat7", 0x8000_0003 | (0x3f << 2), 0x4000_0001);
        Mapping mapping = Assert.Single(Mappings(out _));
        Assert.Equal((0x8000_0000UL, 0x80_0000UL, 0x4000_0000UL), (mapping.VirtualAddress, mapping.Size, mapping.PhysicalAddress));
        Assert.Equal(0x80_0000UL, mapping.Attributes.PageSize);
        Assert.Equal("r--", RightsFormat.Format(mapping.Attributes.Supervisor));
        Assert.Single(Mappings(out _, perPage: true));
    }

    [Fact]
    public void ABlockForTheSupervisorLeavesUsersTheirPages()
    {
        Put(Vsid, 5, 0x6000 | ReadWrite);
        Put(Vsid, 6, 0x2_6000 | ReadOnly);
        Block("dbat0", 0x1000_0002, 0x2_0002);
        Block("ibat0", 0x1000_0002, 0x2_0002);
        List<Mapping> mappings = Mappings(out _);

        // Page 5 is elsewhere for users, so they are left out; page 6 is at the same place.
        Assert.Equal([(0x1000_0000UL, "---"), (0x1000_6000, "r-x"), (0x1000_7000, "---")],
            mappings.Select(m => (m.VirtualAddress, RightsFormat.Format(m.Attributes.User))));
        Assert.All(mappings, m => Assert.Equal("rwx", RightsFormat.Format(m.Attributes.Supervisor)));
        Assert.All(mappings, m => Assert.Equal(0x1000_0000UL - 0x2_0000, m.VirtualAddress - m.PhysicalAddress));
    }

    [Fact]
    public void ABlockForUsersAloneIsListed()
    {
        Put(Vsid, 5, 0x6000 | ReadWrite);
        Block("dbat0", 0x1000_0001, 0x2_0001);
        List<Mapping> mappings = Mappings(out _);
        Assert.Equal([("r--", "---", 0x2_0000UL), ("--x", "rwx", 0x6000), ("r--", "---", 0x2_6000)], mappings.Select(m => (
            RightsFormat.Format(m.Attributes.User), RightsFormat.Format(m.Attributes.Supervisor), m.PhysicalAddress)));
    }

    [Fact]
    public void DataWinsWhereInstructionsComeFromElsewhere()
    {
        Put(Vsid, 5, 0x6000 | ReadWrite);
        Put(Vsid, 6, 0x2_6000 | ReadWrite);
        Block("dbat0", 0x1000_0003, 0x2_0002);
        Assert.Equal(["rw-", "rwx", "rw-"], Mappings(out _).Select(m => RightsFormat.Format(m.Attributes.User)));
    }

    [Fact]
    public void ABlockOfInstructionsAloneIsExecuted()
    {
        Block("ibat0", 0x2000_0003, 0x2_0002);
        Block("ibat1", 0x3000_0003, 0x4_000a);
        Mapping mapping = Assert.Single(Mappings(out _));
        Assert.Equal((0x2000_0000UL, "--x"), (mapping.VirtualAddress, RightsFormat.Format(mapping.Attributes.User)));
    }

    [Fact]
    public void ATableThatIsCutOffIsCounted()
    {
        Put(Vsid, 0, 0x5000 | ReadWrite);
        Put(Vsid, 0x200, 0x6000 | ReadWrite);
        int last = Math.Max(Offset(Vsid, 0, false, 0), Offset(Vsid, 0x200, false, 0));
        _memory = new PhysicalMemory([new PhysicalRun(0, ((ulong)last & ~0xfffUL) + 0x800, _source, 0)]);
        Assert.Single(Mappings(out WalkSummary summary));
        Assert.Equal(summary.FirstAbsentTable, (ulong)last & ~0xfffUL);
        Assert.Equal(16UL, summary.AbsentTables + summary.Tables);
    }

    [Fact]
    public void ATableThatIsNotThereIsAnError()
    {
        _memory = new PhysicalMemory([new PhysicalRun(0, Table, _source, 0)]);
        Throws.Error("RootNotInDump", () => Mappings(out _));
    }

    [Fact]
    public void WithoutSegmentsThereAreNoAddresses()
    {
        _registers.Clear();
        Throws.Error("RegistersRequired", () => Mappings(out _));
        _registers["dbat0u"] = 0x1000_0003;
        Throws.Error("RegistersRequired", () => Mappings(out _));
    }

    [Fact]
    public void WithoutSegmentsBlocksAreListed()
    {
        Put(Vsid, 5, 0x6000 | ReadWrite);
        _registers.Clear();
        Block("dbat0", 0x1000_0003, 0x2_0002);
        Assert.Equal((0x1000_0000UL, 0x2_0000UL), Assert.Single(Addresses(Mappings(out WalkSummary summary))));
        Assert.Contains("None of the segment registers", Assert.Single(summary.Warnings));
        Assert.Equal(0UL, summary.Tables);
    }

    [Fact]
    public void SegmentsThatAreNotKnownAreNamed()
    {
        Mappings(out WalkSummary summary);
        Assert.Contains(" SR0, SR2, SR3,", Assert.Single(summary.Warnings));
        WalkRequest some = Request() with { MinimumAddress = 0x1fff_ffff, MaximumAddress = 0x3000_0000 };
        PagingModes.Get("ppc32").Walk(some, out summary);
        Assert.Contains(" SR2, SR3 ", Assert.Single(summary.Warnings));
        for (int i = 0; i < 16; i++)
        {
            _registers[$"sr{i}"] = 0;
        }

        Mappings(out summary);
        Assert.Empty(summary.Warnings);
    }

    [Fact]
    public void ABlocksLengthMayHaveGaps()
    {
        // Bits 18 of the address and of BL, but not 17: every other 128 KiB.
        Block("dbat0", 0x1000_0003 | (2 << 2), 0x40_0002);
        Assert.Equal([(0x1000_0000UL, 0x40_0000UL), (0x1004_0000, 0x44_0000)], Walk());
        Assert.All(Mappings(out _), m => Assert.Equal((0x2_0000UL, 0x2_0000UL), (m.Size, m.Attributes.PageSize)));

        // A start inside of the block, which no address has.
        Block("dbat0", 0x1002_0003 | (1 << 2), 0x40_0002);
        Assert.Empty(Mappings(out _));
    }

    [Fact]
    public void WhoeverIsLedToTheListedAddressHasRightsThere()
    {
        // Users fetch from where the supervisor's page is, though their data is elsewhere.
        Put(Vsid, 5, 0x6000 | ReadWrite);
        Block("dbat0", 0x1000_0001, 0x2_0002);
        Mapping mapping = Mappings(out _).Single(m => m.VirtualAddress == 0x1000_5000);
        Assert.Equal(
            (0x6000UL, "--x", "rwx"),
            (mapping.PhysicalAddress, RightsFormat.Format(mapping.Attributes.User), RightsFormat.Format(mapping.Attributes.Supervisor)));
    }

    [Fact]
    public void CancellingEndsAWalk()
    {
        WalkRequest request = Request() with { Cancellation = new CancellationToken(canceled: true) };
        Assert.Throws<OperationCanceledException>(() => PagingModes.Get("ppc32").Walk(request, out _));
    }

    [Fact]
    public void LimitsCutPagesAndBlocks()
    {
        Put(Vsid, 5, 0x6000 | ReadWrite);
        Block("dbat0", 0x2000_0003, 0x2_0002);
        WalkRequest request = Request() with { MinimumAddress = 0x1000_6000, MaximumAddress = 0x2000_1234 };
        Mapping mapping = Assert.Single(PagingModes.Get("ppc32").Walk(request, out _));
        Assert.Equal((0x2000_0000UL, 0x2000UL), (mapping.VirtualAddress, mapping.Size));
    }

    private List<(ulong Virtual, ulong Physical)> Walk() => Addresses(Mappings(out _));

    private static List<(ulong Virtual, ulong Physical)> Addresses(List<Mapping> mappings) =>
        [.. mappings.Select(m => (m.VirtualAddress, m.PhysicalAddress))];

    private List<Mapping> Mappings(out WalkSummary summary, bool perPage = false) =>
        PagingModes.Get("ppc32").Walk(Request() with { PerPage = perPage }, out summary);

    private WalkRequest Request()
    {
        _memory ??= new PhysicalMemory([new PhysicalRun(0, _source.Length, _source, 0)]);
        return new WalkRequest
        {
            Memory = _memory,
            Map = new PhysicalMap(_memory, []),
            Root = Table | _mask,
            Options = new PagingOptions { ByteOrder = ByteOrder.Big, Registers = new RegisterSet(_registers) },
            IncludeAbsent = true,
        };
    }

    private void Block(string name, uint upper, uint lower)
    {
        _registers[name + "u"] = upper;
        _registers[name + "l"] = lower;
    }

    private void Put(uint vsid, uint pageIndex, uint second, bool secondary = false, int slot = 0)
    {
        Span<byte> entry = _source.Bytes[Offset(vsid, pageIndex, secondary, slot)..];
        BinaryPrimitives.WriteUInt32BigEndian(entry, (1U << 31) | (vsid << 7) | (secondary ? 0x40U : 0) | (pageIndex >> 10));
        BinaryPrimitives.WriteUInt32BigEndian(entry[4..], second);
    }

    private void Erase(uint vsid, uint pageIndex, bool secondary, int slot) =>
        _source.Bytes.Slice(Offset(vsid, pageIndex, secondary, slot), 8).Clear();

    private int Offset(uint vsid, uint pageIndex, bool secondary, int slot)
    {
        uint hash = (vsid & 0x7ffff) ^ pageIndex;
        hash = secondary ? ~hash & 0x7ffff : hash;
        return (int)(Table + (((hash >> 10) & _mask) << 16) + ((hash & 0x3ff) * 64)) + (slot * 8);
    }
}
