using System.Buffers.Binary;
using ElfMmu.Dumps;
using ElfMmu.Export;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Tests.Export;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps;

/// <summary>Dumps that no 32-bit number can count; all but a few pages of them are holes.</summary>
public sealed class LargeDumpTests : IDisposable
{
    private const ulong Tables = (5UL << 30) + 0x3000;
    private const ulong Data = (6UL << 30) - 0x1000;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TablesAndPagesAboveFourGigabytes()
    {
        using MemoryDump dump = MemoryDump.Open(Make());
        Assert.Equal(6UL << 30, dump.Memory.Size);
        Mapping mapping = Assert.Single(dump.Space(Tables, "ia32e").All());
        Assert.Equal((0x5000UL, Data, RegionKind.Ram), (mapping.VirtualAddress, mapping.PhysicalAddress, mapping.Kind));

        string path = _folder.File("core");
        ExportSummary summary = Cores.Export(dump, dump.Space(Tables, "ia32e"), path);
        Assert.Equal(0x1000UL, summary.DataSize);
        using var core = new CoreImage(path);
        Assert.Equal(0x1122_3344_5566_7788UL, BinaryPrimitives.ReadUInt64LittleEndian(core.Read(0x5ff8, 8)));
    }

    private string Make()
    {
        string path = _folder.File("dump");
        using FileStream file = File.Create(path);
        file.SetLength(6L << 30);
        for (ulong level = 0; level < 4; level++)
        {
            ulong target = level == 3 ? Data : Tables + ((level + 1) * 0x1000);
            Write(Tables + (level * 0x1000) + (level == 3 ? 5UL * 8 : 0), target | 7);
        }

        Write(Data + 0xff8, 0x1122_3344_5566_7788);
        return path;

        void Write(ulong offset, ulong value)
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            file.Position = (long)offset;
            file.Write(bytes);
        }
    }
}
