using System.Buffers.Binary;

namespace ElfMmu.Cli.Tests;

/// <summary>Damage that comes to light while a command reads is told once, when it ends.</summary>
public sealed class DamageTests : IDisposable
{
    private const int Block = 65536;
    private const uint SumOfZeros = 0x2bcbd059;

    private readonly SyntheticDump _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_told_once_for_each_dump()
    {
        string path = Write("one.avml");
        CliRun run = CliRun.Of("read", path, "0x10fff8", "0x110000", "0x118000", "--physical", "--length", "16", "--absent", "fill");
        Assert.Equal(0, run.Code);
        string told = Assert.Single(run.Error.Split('\n'), l => l.Contains("can't be unpacked", StringComparison.Ordinal));
        Assert.StartsWith($"elfmmu: warning: A block of '{path}' can't be unpacked and counts as absent: physical 0x110000, 0x10000 bytes at offset 0x10032", told, StringComparison.Ordinal);
        Assert.EndsWith(told + "\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_told_where_the_command_fails_of_it_too()
    {
        CliRun run = CliRun.Of("read", Write("one.avml"), "0x110000", "--physical");
        Assert.Equal(1, run.Code);
        Assert.Contains("[MemoryAbsent]", run.Error, StringComparison.Ordinal);
        Assert.Contains("counts as absent", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_zeros_where_that_was_asked_for()
    {
        CliRun run = CliRun.Of("read", Write("one.avml"), "0x110000", "--physical", "--length", "16", "--zero-fill");
        Assert.Equal(0, run.Code);
        Assert.Contains("was read as zeros", run.Error, StringComparison.Ordinal);
        Assert.Contains("00 00 00 00", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_told_of_what_nobody_reads_or_wants_to_hear()
    {
        string path = Write("one.avml");
        CliRun.Of("info", path).Done();
        CliRun.Of("read", path, "0x100000", "--physical", "--length", "16").Done();
        Assert.Equal("", CliRun.Of("read", path, "0x110000", "--physical", "--length", "16", "--zero-fill", "--quiet").Error);
    }

    /// <summary>An AVML file of two stored blocks of zeros; the checksum of the second one is wrong.</summary>
    private string Write(string name)
    {
        var file = new List<byte>();
        Number(0x4c4d5641, 4);
        Number(2, 4);
        Number(0x10_0000, 8);
        Number(0x10_0000 + (2 * Block) - 1, 8);
        Number(0, 8);
        file.AddRange([0xff, 6, 0, 0, .. "sNaPpY"u8]);
        foreach (uint sum in new[] { SumOfZeros, 0x1234_5678U })
        {
            Number(1 | ((Block + 4) << 8), 4);
            Number(sum, 4);
            file.AddRange(new byte[Block]);
        }

        Number((ulong)file.Count - 32, 8);
        File.WriteAllBytes(_folder.File(name), [.. file]);
        return _folder.File(name);

        void Number(ulong value, int size)
        {
            byte[] bytes = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            file.AddRange(bytes.AsSpan(0, size));
        }
    }
}
