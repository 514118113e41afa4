using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Export;

/// <summary>Memory that begins and ends in the midst of a page: what there is of it is kept, in its place.</summary>
public sealed class UnalignedMemoryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void PartsOfPagesKeepTheirPlace()
    {
        // The page at 0x108000 lacks its first 0x123 bytes, the one at 0x105000 all behind its first 0x456.
        var machine = new SmallMachine("ia32e");
        _folder.Write("low.bin", machine.Memory[..0x5456]);
        _folder.Write("high.bin", machine.Memory[0x8123..]);
        string text = machine.Yaml("low.bin", "high.bin")
            .Replace("0x105fff", "0x105455", StringComparison.Ordinal)
            .Replace("0x106000", "0x108123", StringComparison.Ordinal);
        using MemoryDump dump = MemoryDump.Open(_folder.Write("machine.yaml", text));
        List<Mapping> mappings = dump.Space().All(includeAbsent: false);
        Assert.Equal(
            [(0x1_0123UL, 0x1eddUL, 0x10_8123UL), (0x1_2000UL, 0x456UL, 0x10_5000UL), (0x1_3000UL, 0x1000UL, SmallMachine.DeviceStart)],
            mappings.Select(m => (m.VirtualAddress, m.Size, m.PhysicalAddress)));

        Cores.Export(dump, dump.Space(), _folder.File("core"));
        using var core = new CoreImage(_folder.File("core"));
        Assert.Equal([(0x1_0123UL, 0x1eddUL), (0x1_2000UL, 0x456UL)], core.Loads.Select(l => (l.VirtualAddress, l.FileSize)));
        Assert.All(core.Loads, l => Assert.Equal(l.VirtualAddress % 4096, l.Offset % 4096));
        Assert.Equal(machine.Memory[0x8123..0xa000], core.Read(0x1_0123, 0x1edd));
        Assert.Equal(machine.Memory[0x5000..0x5456], core.Read(0x1_2000, 0x456));
    }
}
