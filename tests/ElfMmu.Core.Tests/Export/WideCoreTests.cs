using System.Buffers.Binary;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Export;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Export;

/// <summary>Cores of 32-bit spaces whose memory stands above 4 GiB.</summary>
public sealed class WideCoreTests : IDisposable
{
    private const ulong High = 0x1_0040_0000;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void PagesAboveFourGigabytesNeedTheWideClass()
    {
        // One 4 MiB page by PSE-36: bits 20:13 of the entry are bits 39:32 of the address.
        byte[] low = new byte[4096];
        BinaryPrimitives.WriteUInt32LittleEndian(low.AsSpan(4), 0x40_0000 | (1 << 13) | 0x87);
        byte[] high = RawDump.Pages(1024);
        _folder.Write("low.bin", low);
        _folder.Write("high.bin", high);
        string yaml = _folder.Write("machine.yaml", $"""
            cpu:
              architecture: intel
              registers_values:
                cr3: 0
            mmu:
              mode: ia32
            memspace:
              ram:
                - start: 0
                  end: 0xfff
                  dumpfile: low.bin
                - start: 0x{High:x}
                  end: 0x{High + 0x3f_ffff:x}
                  dumpfile: high.bin
            """);
        using MemoryDump dump = MemoryDump.Open(yaml);
        ExportSummary summary = Cores.Export(dump, dump.Space(), _folder.File("core"));
        Assert.Equal(ElfClass.Elf64, summary.Class);
        Assert.Contains(summary.Warnings, w => w.Contains("32", StringComparison.Ordinal));
        using var core = new CoreImage(_folder.File("core"));
        Assert.Equal(ElfMachine.I386, core.Reader.Header.Machine);
        Assert.Equal(High, Assert.Single(core.Loads).PhysicalAddress);
        Assert.Equal(high, core.Read(0x40_0000, high.Length));
    }

    [Fact]
    public void TheRestIsANarrowCore()
    {
        var machine = new SmallMachine("ia32");
        using MemoryDump dump = RawDump.Open(_folder, machine.Memory, SmallMachine.RamBase);
        ExportSummary summary = Cores.Export(dump, dump.Space(SmallMachine.RamBase, "ia32"), _folder.File("core"), Privilege.Any);
        Assert.Equal(ElfClass.Elf32, summary.Class);
        Assert.Empty(summary.Warnings);
        using var core = new CoreImage(_folder.File("core"));
        Assert.Equal(machine.Memory[0x8000..0xa000], core.Read(0x10000, 0x2000));
        Assert.Equal(machine.Memory[0x5000..0x6000], core.Read(0x12000, 0x1000));
        Assert.Null(core.Read(0x13000, 1));
    }
}
