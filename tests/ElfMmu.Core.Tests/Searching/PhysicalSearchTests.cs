using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Reading;
using ElfMmu.Searching;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Searching;

/// <summary>Searches of physical memory: over the borders of runs and of holes, at the ends, cancelled, and with hits everywhere.</summary>
public sealed class PhysicalSearchTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void RunsThatTouchAreOneAndThoseThatDoNotAreNot()
    {
        byte[] bytes = new byte[0x9000];
        new Random(7).NextBytes(bytes);
        string yaml = _folder.Write("machine.yaml", System.Text.Encoding.UTF8.GetBytes("""
            cpu:
              architecture: intel
            mmu: {}
            memspace:
              ram:
                - start: 0x1000
                  end: 0x2fff
                  dumpfile: low.bin
                - start: 0x3000
                  end: 0x5fff
                  dumpfile: middle.bin
                - start: 0x10000
                  end: 0x13fff
                  dumpfile: high.bin

            """));
        _folder.Write("low.bin", bytes.AsSpan(0, 0x2000));
        _folder.Write("middle.bin", bytes.AsSpan(0x2000, 0x3000));
        _folder.Write("high.bin", bytes.AsSpan(0x5000, 0x4000));
        using MemoryDump dump = MemoryDump.Open(yaml);
        Assert.Equal([0x2ffeUL], At(dump, bytes[0x1ffe..0x2005]));
        Assert.Equal([0x1000UL], At(dump, bytes[..9]));
        Assert.Equal([0x13ff0UL], At(dump, bytes[0x8ff0..]));
        Assert.Empty(At(dump, bytes[0x4ffc..0x5004]));
        SearchHit hit = MemorySearch.FindPhysical(dump, Request(SearchPattern.Bytes(bytes[0x1ffe..0x2005]))).Single();
        Assert.Null(hit.VirtualAddress);
        Assert.Null(hit.Space);
        Assert.Null(hit.UserRights);
        Assert.EndsWith("low.bin", hit.File, StringComparison.Ordinal);
        Assert.Equal(0x1ffeUL, hit.FileOffset);
        Assert.Equal(bytes[(0x1ffe - 16)..0x1ffe].Select(b => (byte?)b), hit.ContextBefore);
        Assert.Equal(bytes[0x2005..0x2025].Select(b => (byte?)b), hit.ContextAfter);
    }

    [Fact]
    public void SourcesThatAreNotMappedGiveTheSame()
    {
        byte[] bytes = new byte[(3 << 20) + 12345];
        new Random(11).NextBytes(bytes);
        byte[] needle = bytes[((1 << 20) - 3)..((1 << 20) + 5)];
        needle.CopyTo(bytes, (2 << 20) - 1);
        needle.CopyTo(bytes, bytes.Length - needle.Length);
        string path = _folder.Write("raw.bin", bytes);
        SearchPattern[] patterns =
            [SearchPattern.Bytes(needle), SearchPattern.Bytes("?? 37"), SearchPattern.Value((ushort)4711, MemoryValueType.Parse("u16be"))];
        List<ulong>? before = null;
        foreach (bool mapped in (bool[])[true, false])
        {
            using DataSource source = DataSourceFactory.Open(path, mapped);
            var memory = new PhysicalMemory([new PhysicalRun(0x7_0000_0000, (ulong)bytes.Length, source, 0)]);
            var scope = SearchScope.Of(memory, Request(patterns));
            var scanner = new WindowScanner(scope, new PhysicalText(memory), [.. patterns.Select(p => p.Compile(new DataModel(ByteOrder.Little, 64)))]);
            List<ulong> found =
            [
                .. scope.Windows(null, 8).SelectMany(w =>
                    scanner.Scan(w, 0, CancellationToken.None).Matches.ToArray().Select(m => w.Start + (ulong)m.Offset)),
            ];
            Assert.Equal(before ?? found, found);
            before = found;
        }

        Assert.Contains(0x7_0000_0000 + (1UL << 20) - 3, before!);
        Assert.Contains(0x7_0000_0000 + (2UL << 20) - 1, before!);
        Assert.Contains(0x7_0000_0000 + (ulong)(bytes.Length - needle.Length), before!);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void HolesOfSparseFilesAreZeros(int seed)
    {
        var random = new Random(seed);
        byte[] bytes = new byte[6 << 20];
        string path = _folder.File("sparse.bin");
        using (FileStream file = File.Create(path))
        {
            file.SetLength(bytes.Length);
            for (int at = random.Next(3) * 4096; at < bytes.Length; at += (1 + random.Next(700)) * 4096)
            {
                int size = Math.Min(bytes.Length - at, (1 + random.Next(3)) * 4096);
                random.NextBytes(bytes.AsSpan(at, size));
                bytes[at + size - 1] = (byte)(random.Next(2) * 0x77);
                bytes[at] = (byte)(random.Next(2) * 0x66);
                file.Position = at;
                file.Write(bytes, at, size);
            }
        }

        using MemoryDump dump = MemoryDump.Open(path, new DumpOptions { RamBase = 0 });
        foreach (byte[] needle in (byte[][])[[0x77, 0, 0, 0], [0, 0, 0x66], [0, 0x77], [0x66], [.. new byte[5000], 0x66], [0x77, .. new byte[3000]]])
        {
            var expected = new List<ulong>();
            for (int at = 0, next; (next = bytes.AsSpan(at).IndexOf(needle)) >= 0; at += next + 1)
            {
                expected.Add((ulong)(at + next));
            }

            Assert.Equal(expected, At(dump, needle));
        }

        Assert.Equal(
            bytes.Chunk(4096).Index().Where(p => !p.Item.AsSpan().ContainsAnyExcept((byte)0)).Select(p => (ulong)p.Index * 4096),
            MemorySearch.FindPhysical(dump, Request(SearchPattern.Bytes(new byte[4096], alignment: 4096))).Select(h => h.PhysicalAddress));
    }

    [Fact]
    public void AHugeHoleCostsNothing()
    {
        string path = _folder.File("huge.bin");
        using (FileStream file = File.Create(path))
        {
            file.SetLength(4L << 40);
            file.Position = (2L << 40) - 2;
            file.Write("needle"u8);
        }

        using MemoryDump dump = MemoryDump.Open(path, new DumpOptions { RamBase = 0 });
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Assert.Equal(
            [(2UL << 40) - 2],
            MemorySearch.FindPhysical(dump, Request(SearchPattern.Text("needle")), limit.Token).Select(h => h.PhysicalAddress));
    }

    [Fact]
    public void HitsEverywhereAreGivenWithoutKeepingThem()
    {
        string path = _folder.File("zeros.bin");
        using (FileStream file = File.Create(path))
        {
            file.SetLength(64 << 20);
        }

        using MemoryDump dump = MemoryDump.Open(path, new DumpOptions { RamBase = 0 });
        SearchRequest request = Request(SearchPattern.Bytes("00"), SearchPattern.Bytes("00 00 00")) with { ContextBefore = 0, ContextAfter = 0 };
        ulong next = 0;
        foreach (SearchHit hit in MemorySearch.FindPhysical(dump, request).Take(3_000_000))
        {
            Assert.Equal(next / 2, hit.PhysicalAddress);
            Assert.Equal(next % 2 == 0 ? 1 : 3, hit.Length);
            next++;
        }

        Assert.Equal(3_000_000UL, next);
        var buffer = new MatchBuffer();
        for (int i = 0; i < 10_000_000 && buffer.Add(new Match(i, 1, 0, false, 0)); i++)
        {
            Assert.True(buffer.Count <= 2 * MatchBuffer.Most);
        }

        Assert.True(buffer.Limit < int.MaxValue);
    }

    [Fact]
    public void TheLastHitsOfAFullMemoryAreThere()
    {
        byte[] bytes = new byte[(2 << 20) + 5];
        string path = _folder.Write("zeros.bin", bytes);
        using MemoryDump dump = MemoryDump.Open(path, new DumpOptions { RamBase = 0x1000 });
        SearchRequest request = Request(SearchPattern.Bytes("00 00")) with { ContextBefore = 0, ContextAfter = 0 };
        ulong expected = 0x1000;
        foreach (SearchHit hit in MemorySearch.FindPhysical(dump, request))
        {
            Assert.Equal(expected++, hit.PhysicalAddress);
        }

        Assert.Equal(0x1000 + (ulong)bytes.Length - 1, expected);
    }

    [Fact]
    public void CancellingEndsTheSearchAndSoDoesTakingNoMore()
    {
        using MemoryDump dump = RawDump.Open(_folder, RawDump.Pages(1000));
        using var cancel = new CancellationTokenSource();
        using IEnumerator<SearchHit> hits = MemorySearch.FindPhysical(dump, Request(SearchPattern.Bytes("01")), cancel.Token).GetEnumerator();
        Assert.True(hits.MoveNext());
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => hits.MoveNext());
        Assert.Single(MemorySearch.FindPhysical(dump, Request(SearchPattern.Bytes("01"))).Take(1));
    }

    [Fact]
    public void ProgressReachesTheEnd()
    {
        using MemoryDump dump = RawDump.Open(_folder, RawDump.Pages(1000));
        var told = new List<(ulong Done, ulong All)>();
        Assert.Empty(MemorySearch.FindPhysical(
            dump, Request(SearchPattern.Text("nothing like it")) with { Progress = (done, all) => told.Add((done, all)) }));
        Assert.Equal(told.Order(), told);
        Assert.Equal((dump.Memory.Size, dump.Memory.Size), told[^1]);
    }

    [Fact]
    public void AddressesLimitIt()
    {
        byte[] bytes = RawDump.Pages(600);
        using MemoryDump dump = RawDump.Open(_folder, bytes, 0x5000);
        SearchRequest request = Request(SearchPattern.Bytes("01 ??")) with { MinimumAddress = 0x5003, MaximumAddress = 0x5000 + 123456 };
        Assert.Equal(
            Enumerable.Range(3, 123453).Where(i => bytes[i] == 1).Select(i => 0x5000 + (ulong)i),
            MemorySearch.FindPhysical(dump, request).Select(h => h.PhysicalAddress));
    }

    private static SearchRequest Request(params SearchPattern[] patterns) => new() { Patterns = patterns };

    private static IEnumerable<ulong> At(MemoryDump dump, byte[] needle) =>
        MemorySearch.FindPhysical(dump, Request(SearchPattern.Bytes(needle))).Select(h => h.PhysicalAddress);
}
