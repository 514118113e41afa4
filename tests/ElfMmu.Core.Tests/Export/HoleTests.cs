using System.Globalization;
using ElfMmu.Dumps;
using ElfMmu.Export;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Export;

public sealed class HoleTests : IDisposable
{
    private const int Size = 32 << 20;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A core of 32 MiB of which one page holds data takes next to no room, and still reads as zeros.</summary>
    [ToolFact("stat")]
    public void ZeroPagesTakeNoRoom()
    {
        byte[] memory = new byte[Size];
        memory[Size / 2] = 1;
        using MemoryDump dump = RawDump.Open(_folder, memory);
        var segments = new CoreSegments(new MappingFilter(Privilege.Any));
        var attributes = new MappingAttributes(Rights.Read, Rights.Read, 1, 12, 0, false, false, false);
        segments.Add(new Mapping(0x10000, Size, 0, attributes, RegionKind.Ram));
        string path = _folder.File("core");
        ExportSummary summary = ElfCoreExporter.Export(
            dump, dump.Space(0, "ia32e").Identity, segments, new ExportOptions { Path = path });

        Assert.Equal(4096UL, summary.WrittenSize);
        Assert.True(new FileInfo(path).Length > Size);
        long blocks = long.Parse(Tools.Run("stat", "-c", "%b", path).Output, CultureInfo.InvariantCulture);
        Assert.True(blocks * 512 < 1 << 20, $"The file takes {blocks * 512} bytes.");
        using var core = new CoreImage(path);
        Assert.Equal(memory, core.Read(0x10000, Size));
    }

    /// <summary>Holes of the dump are passed over without being read, and nothing beside them is lost.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ASparseDumpGivesTheSameBytes(int seed)
    {
        const int Island = 5000;
        const int Pages = Size / 4096;
        var random = new Random(seed);
        byte[] memory = new byte[Size];
        string path = _folder.File("sparse.bin");
        using (var file = new FileStream(path, FileMode.Create))
        {
            file.SetLength(Size);
            for (int i = 0; i < 40; i++)
            {
                int start = random.Next(Size - Island);
                random.NextBytes(memory.AsSpan(start, Island));
                file.Position = start;
                file.Write(memory, start, Island);
            }
        }

        using MemoryDump dump = MemoryDump.Open(path);
        var segments = new CoreSegments(new MappingFilter(Privilege.Any));
        var attributes = new MappingAttributes(Rights.Read, Rights.Read, 1, 12, 0, false, false, false);
        (ulong Virtual, int Physical, int Size)[] mappings = [.. Enumerable.Range(0, 60).Select(i =>
        {
            int page = random.Next(Pages);
            return ((ulong)(i + 1) << 30, page * 4096, random.Next(1, Math.Min(300, Pages - page) + 1) * 4096);
        })];
        foreach ((ulong address, int physical, int size) in mappings)
        {
            segments.Add(new Mapping(address, (ulong)size, (ulong)physical, attributes, RegionKind.Ram));
        }

        string output = _folder.File("core");
        ElfCoreExporter.Export(dump, dump.Space(0, "ia32e").Identity, segments, new ExportOptions { Path = output });
        using var core = new CoreImage(output);
        foreach ((ulong address, int physical, int size) in mappings)
        {
            Assert.Equal(memory[physical..(physical + size)], core.Read(address, size));
        }
    }

    /// <summary>What is behind the end of a dump that shrinks is lost, and must not come out as zeros.</summary>
    [ToolFact("truncate")]
    public void ADumpThatShrinksEndsTheExport()
    {
        byte[] memory = new byte[Size];
        new Random(1).NextBytes(memory);
        using MemoryDump dump = RawDump.Open(_folder, memory);
        var segments = new CoreSegments(new MappingFilter(Privilege.Any));
        var attributes = new MappingAttributes(Rights.Read, Rights.Read, 1, 12, 0, false, false, false);
        segments.Add(new Mapping(0x10000, Size, 0, attributes, RegionKind.Ram));
        string path = _folder.Write("core", [1, 2, 3]);
        Assert.Equal(0, Tools.Run("truncate", "-s", "1M", dump.Identity.Path).ExitCode);
        ElfMmuException e = Assert.Throws<ElfMmuException>(() => ElfCoreExporter.Export(
            dump, dump.Space(0, "ia32e").Identity, segments, new ExportOptions { Path = path }));
        Assert.Equal("ReadFailed", e.ErrorId);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
    }
}
