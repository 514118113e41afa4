using ElfMmu.Dumps;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps;

/// <summary>Machine descriptions that are damaged, or want too much.</summary>
public sealed class HostileMachineTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SmallMachine _machine = new("ia32e");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cpu: [")]
    [InlineData("cpu: {a: b")]
    [InlineData("cpu:\n\tbits: 32")]
    [InlineData("cpu: *nothing")]
    [InlineData("cpu: &a [*a]")]
    [InlineData("cpu:\n  bits: 65\n")]
    [InlineData("cpu:\n  bits: many\n")]
    [InlineData("cpu:\n  processor_features:\n    m_phy: 4000\n")]
    [InlineData("cpu:\n  registers_values:\n    cr3: -1\n")]
    [InlineData("cpu:\n  registers_values:\n    cr3: 0x1ffffffffffffffff\n")]
    [InlineData("cpu:\n  registers_values:\n    cr3: {}\n")]
    [InlineData("memspace:\n  ram:\n    - start: 0\n")]
    [InlineData("memspace:\n  ram:\n    - start: 0x2000\n      end: 0x1000\n      dumpfile: x\n")]
    [InlineData("memspace:\n  ram:\n    - start: 0\n      end: 0xffffffffffffffff\n      dumpfile: x\n")]
    [InlineData("memspace:\n  ram:\n    - start: 0\n      end: 0xfff\n      dumpfile: \"a\\0b\"\n")]
    [InlineData("cpu:\n  architecture: \"\\ud800\"\n")]
    [InlineData("cpu:\n  \"\\udc00\": 1\n")]
    [InlineData("cpu:\n  architecture: \"\\U00110000\"\n")]
    [InlineData("cpu:\n  ? [a, b]\n  : c\n")]
    [InlineData("memspace: 1\n")]
    [InlineData("memspace:\n  ram: all\n")]
    [InlineData("cpu: 1\n--- \ncpu: 2\n")]
    public void GarbageIsRefused(string text)
    {
        Throws.Error("MachineInvalid", () => MemoryDump.Open(_folder.Write("machine.yaml", text)));
    }

    [Fact]
    public void ABombOfAliasesIsRefused()
    {
        string bomb = "cpu: &a0 [x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 30).Select(
            i => $"b{i}: &a{i} [{string.Join(", ", Enumerable.Repeat("*a" + (i - 1), 9))}]\n"));
        Throws.Error("MachineInvalid", () => MemoryDump.Open(_folder.Write("machine.yaml", bomb)));
    }

    [Theory]
    [InlineData("[", 500_000)]
    [InlineData("{a: ", 200_000)]
    [InlineData("- ", 400_000)]
    [InlineData("? ", 400_000)]
    public void DeepNestingIsRefused(string open, int count)
    {
        string text = "cpu: 1\nmmu:\n  " + string.Concat(Enumerable.Repeat(open, count));
        Throws.Error("MachineInvalid", () => MemoryDump.Open(_folder.Write("machine.yaml", text)));
    }

    [Fact]
    public void AHugeDescriptionIsRefused()
    {
        string text = "cpu:\n" + new string('#', 2 << 20);
        Throws.Error("MachineInvalid", () => MemoryDump.Open(_folder.Write("machine.yaml", text)));
    }

    [Fact]
    public void ADescriptionWithoutADumpFileIsNoDump() =>
        Throws.Error("MachineInvalid", () => MemoryDump.Open(_folder.Write("machine.yaml", _machine.Yaml())));

    [Fact]
    public void ADumpFileShorterThanItsRangeIsTruncated()
    {
        _folder.Write("low.bin", _machine.Memory[..0x6000]);
        _folder.Write("high.bin", _machine.Memory[0x6001..]);
        ElfMmuException e = Throws.Error(
            "DumpTruncated", () => MemoryDump.Open(_folder.Write("machine.yaml", _machine.Yaml("low.bin", "high.bin"))));
        Assert.Equal(_folder.File("high.bin"), e.Path);
    }

    [Fact]
    public void AMissingDumpFileIsNotFound() => Throws.Error(
        "FileNotFound", () => MemoryDump.Open(_folder.Write("machine.yaml", _machine.Yaml("low.bin", "high.bin"))));

    [Fact]
    public void PiecesThatOverlapAreInconsistent()
    {
        _folder.Write("low.bin", new byte[0x8000]);
        _folder.Write("high.bin", new byte[0x10000]);
        string text = _machine.Yaml("low.bin", "high.bin").Replace("0x105fff", "0x106fff", StringComparison.Ordinal);
        Throws.Error("DumpInconsistent", () => MemoryDump.Open(_folder.Write("machine.yaml", text)));
    }
}
