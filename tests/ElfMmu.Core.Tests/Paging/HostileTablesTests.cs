using System.Buffers.Binary;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Paging;

/// <summary>Tables that were made to keep a walker busy for ever.</summary>
public class HostileTablesTests
{
    [Theory]
    [InlineData("pae")]
    [InlineData("ia32e")]
    [InlineData("la57")]
    public void ATableFullOfItselfIsALoop(string mode)
    {
        WalkRequest request = Request([0, 0, 0]);
        var sink = new CountingSink();
        Throws.Error("PageTableLoop", () => PagingModes.Get(mode).Walk(request, ref sink));

        // However it goes about it, it gives up before it has gone through many tables.
        Assert.True(sink.Count <= 4096 * 512, $"{sink.Count} leaves came first.");
    }

    [Fact]
    public void TwoLevelsCanOnlyLoopOnce()
    {
        // A self-map of 32-bit paging in every slot is odd but finite: each of the 1,024 slots shows the root as a page table.
        WalkRequest request = Request([0], entrySize: 4);
        var sink = new CountingSink();
        WalkSummary summary = PagingModes.Get("ia32").Walk(request with { PerPage = true }, ref sink);
        Assert.Equal(1024 * 1024, sink.Count);
        Assert.Equal(1025UL, summary.Tables);
    }

    [Theory]
    [InlineData("ia32e", 500)]
    [InlineData("ia32e", 16384)]
    [InlineData("la57", 500)]
    [InlineData("la57", 16384)]
    public void SharedSubtreesEndAtTheLimit(string mode, int limit)
    {
        // Every entry of a level leads to the one table of the next: 512^4 leaves from four pages.
        PagingMode paging = PagingModes.Get(mode);
        int levels = paging.Levels.Count;
        WalkRequest request = Request([.. Enumerable.Range(1, levels)]) with { SharedTableLimit = limit };
        var sink = new CountingSink();
        WalkSummary summary = paging.Walk(request, ref sink);
        Assert.True(summary.SkippedTables > 0);
        Assert.NotNull(summary.FirstSkippedAddress);
        Assert.True(summary.Tables <= (ulong)(limit + levels), $"{summary.Tables} tables were walked.");
        Assert.True(sink.Count <= (limit + levels) * 512);
    }

    [Fact]
    public void SharingWithinTheLimitIsWalkedWhole()
    {
        // Two upper slots share a subtree, as Linux's espfix area does.
        PhysicalMemory memory = Memory(5);
        void Put(int page, int index, int target) => BinaryPrimitives.WriteUInt64LittleEndian(
            ((MemoryDataSource)memory.Runs[0].Source).Bytes[((page * 4096) + (index * 8))..], ((ulong)target * 4096) | 7);
        Put(0, 1, 1);
        Put(0, 2, 1);
        Put(1, 0, 2);
        Put(2, 0, 3);
        Put(3, 5, 4);
        List<Mapping> mappings = PagingModes.Get("ia32e").Walk(Request(memory), out WalkSummary summary);
        Assert.Equal([(1UL << 39) + 0x5000, (2UL << 39) + 0x5000], mappings.Select(m => m.VirtualAddress));
        Assert.Equal(0UL, summary.SkippedTables);
    }

    [Fact]
    public void CancellingEndsAWalk()
    {
        using var source = new CancellationTokenSource();
        WalkRequest request = Request([1, 2, 3, 4]) with { Cancellation = source.Token };
        var sink = new CancellingSink(source);
        Assert.Throws<OperationCanceledException>(() => PagingModes.Get("ia32e").Walk(request, ref sink));
    }

    [Theory]
    [InlineData(0x10_0000UL)]
    [InlineData(0x0000_ffff_ffff_f000UL)]
    public void ARootOutsideTheDumpIsAnError(ulong root)
    {
        WalkRequest request = Request([0]) with { Root = root };
        Throws.Error("RootNotInDump", () => PagingModes.Get("ia32e").Walk(request, out _));
    }

    [Fact]
    public void OfATableThatIsCutOffWhatIsThereCounts()
    {
        // The last page of this memory is half a page: of 512 entries the first 256 are there. Each leads to it again.
        using var memory = new PhysicalMemory([new PhysicalRun(0x1000, 0x1800, new MemoryDataSource("memory", 0x1800), 0)]);
        Span<byte> bytes = ((MemoryDataSource)memory.Runs[0].Source).Bytes;
        for (int at = 0x1000; at < 0x1800; at += 8)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], 0x2007);
        }

        WalkRequest request = Request(memory) with { Root = 0x2000, MaximumAddress = (1UL << 30) - 1 };
        List<Mapping> mappings = PagingModes.Get("ia32e").Walk(request with { PerPage = true, LoopLimit = int.MaxValue }, out WalkSummary summary);
        Assert.Equal(256 * 256, mappings.Count);
        Assert.Equal(summary.Tables, summary.AbsentTables);
        Assert.Equal(0x2000UL, summary.FirstAbsentTable);
    }

    /// <summary>Pages of which each has all entries set to point to the page named, or beyond the last one to data.</summary>
    private static WalkRequest Request(int[] targets, int entrySize = 8)
    {
        PhysicalMemory memory = Memory(targets.Length + 1);
        Span<byte> bytes = ((MemoryDataSource)memory.Runs[0].Source).Bytes;
        for (int at = 0; at < targets.Length * 4096; at += entrySize)
        {
            uint entry = ((uint)targets[at / 4096] * 4096) | 7;
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], entry);
        }

        return Request(memory);
    }

    private static WalkRequest Request(PhysicalMemory memory) =>
        new() { Memory = memory, Map = new PhysicalMap(memory, []), Root = 0 };

    private static PhysicalMemory Memory(int pages)
    {
        var source = new MemoryDataSource("memory", pages * 4096);
        return new PhysicalMemory([new PhysicalRun(0, source.Length, source, 0)]);
    }
}
