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
}
