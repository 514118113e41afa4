using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Memory;

/// <summary>A file read by system calls against the same file mapped.</summary>
public sealed class BackendTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public unsafe void EachIsWhatItIsAskedToBe()
    {
        string path = _folder.Write("file", RawDump.Pages(2));
        using DataSource mapped = DataSourceFactory.Open(path, mapped: true);
        using DataSource file = DataSourceFactory.Open(path, mapped: false);
        Assert.True(mapped.Pointer != null);
        Assert.True(file.Pointer == null);
    }

    [Fact]
    public void BothReadTheSame()
    {
        byte[] content = RawDump.Pages(5)[..^3];
        string path = _folder.Write("file", content);
        using DataSource mapped = DataSourceFactory.Open(path, mapped: true);
        using DataSource file = DataSourceFactory.Open(path, mapped: false);
        foreach (DataSource source in new[] { mapped, file })
        {
            Assert.Equal((ulong)content.Length, source.Length);
            Assert.Equal(path, source.Name);
            byte[] all = new byte[content.Length];
            source.Read(0, all);
            Assert.Equal(content, all);
            source.Read((ulong)content.Length, []);
            Throws.Error("ReadFailed", () => source.Read((ulong)content.Length, new byte[1]));
            Throws.Error("ReadFailed", () => source.Read(ulong.MaxValue, new byte[1]));
            Throws.Error("ReadFailed", () => source.Read(1, new byte[content.Length]));
        }
    }

    [Theory]
    [InlineData("bare-x64", "ia32e", 0x10000UL)]
    [InlineData("bare-pae", "pae", 0x10020UL)]
    [InlineData("bare-ia32", "ia32", 0x10000UL)]
    public void BothGiveTheSameMappings(string name, string mode, ulong root)
    {
        string path = _folder.File("raw.bin");
        using (var packed = new System.IO.Compression.GZipStream(
            File.OpenRead(TestData.Path(name, "raw.bin.gz")), System.IO.Compression.CompressionMode.Decompress))
        using (FileStream plain = File.Create(path))
        {
            packed.CopyTo(plain);
        }

        List<Mapping> mapped = Walk(path, mode, root, isMapped: true);
        Assert.True(mapped.Count > 30);
        Assert.Equal(mapped, Walk(path, mode, root, isMapped: false));
    }

    [Fact]
    public void TablesThatLieInTwoRunsAreRead()
    {
        // A table whose halves come from two files can't be read in place.
        byte[] root = new byte[4096];
        root[0] = 7;
        root[1] = 0x10;
        root[2048] = 7;
        root[2049] = 0x10;
        byte[] rest = new byte[3 * 4096];
        rest[0] = 7;
        rest[1] = 0x20;
        rest[4096] = 7;
        rest[4097] = 0x30;
        rest[8192] = 7;
        using var memory = new PhysicalMemory(
        [
            new PhysicalRun(0x800, 0x800, new MemoryDataSource("high", root.AsSpan(0x800)), 0),
            new PhysicalRun(0, 0x800, new MemoryDataSource("low", root.AsSpan(0, 0x800)), 0),
            new PhysicalRun(0x1000, 3 * 4096, new MemoryDataSource("rest", rest), 0),
        ]);
        var request = new WalkRequest { Memory = memory, Map = new PhysicalMap(memory, []), Root = 0 };
        Assert.Equal([0UL, 0xffff_8000_0000_0000], PagingModes.Get("ia32e").Walk(request, out _).Select(m => m.VirtualAddress));
    }

    private static List<Mapping> Walk(string path, string mode, ulong root, bool isMapped)
    {
        DataSource source = DataSourceFactory.Open(path, isMapped);
        using var memory = new PhysicalMemory([new PhysicalRun(0, source.Length, source, 0)]);
        var request = new WalkRequest { Memory = memory, Map = new PhysicalMap(memory, []), Root = root, IncludeAbsent = true };
        return PagingModes.Get(mode).Walk(request, out _);
    }
}
