using System.Buffers.Binary;
using System.Text.RegularExpressions;
using ElfMmu.Dumps;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Export;

/// <summary>
/// Cores of the bare guests whose free frames begin with <c>PHYSPAGE</c> and the frame's own address (those of MIPS don't), so that
/// what stands at a virtual address shows where it leads.
/// </summary>
public sealed partial class BareCoreTests : IDisposable
{
    // Little-endian, whatever the guest.
    private const ulong Stamp = 0x4547_4150_5359_4850;

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Guests => [.. BareDumpData.X86, .. BareDumpData.Others];

    public static TheoryData<string, string> Architectures => new()
    {
        { "bare-x64", "i386:x86-64" },
        { "bare-pae", "i386" },
        { "bare-sv32", "riscv:rv32" },
        { "bare-sv39", "riscv:rv64" },
        { "bare-sv48", "riscv:rv64" },
        { "bare-a64-4k", "aarch64" },
        { "bare-a64-16k", "aarch64" },
        { "bare-a64-64k", "aarch64" },
        { "bare-arm-short", "armv3m" },
        { "bare-arm-lpae", "armv3m" },
        { "bare-ppc32", "powerpc:common" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Guests))]
    public void EveryPageHoldsTheFrameItWasDesignedFor(string name)
    {
        using var core = new CoreImage(Export(name));
        int compared = 0;
        foreach (TruthLine line in TruthLine.Read(name).Where(l => l.Status == "ok"))
        {
            byte[]? bytes = core.Read(line.Address, 16);
            Assert.True(bytes != null, $"The core has no bytes for {line}");
            if (BinaryPrimitives.ReadUInt64LittleEndian(bytes) == Stamp)
            {
                Assert.Equal(line.Physical, BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)));
                compared++;
            }
        }

        Assert.True(compared >= 20, $"Only {compared} pages had a stamp.");
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public void PagesOutsideRamHaveNoBytes(string name)
    {
        using var core = new CoreImage(Export(name));
        using MemoryDump dump = MemoryDump.Open(TestData.Path(name, "machine.yaml"));

        // The descriptions of PCs count the BIOS as RAM.
        bool IsOutside(TruthLine line) => line.Status == "outside" && !dump.Memory.TryRead(line.Physical, stackalloc byte[1]);
        Assert.All(
            TruthLine.Read(name).Where(l => l.Status == "fault" || IsOutside(l)), l => Assert.Null(core.Read(l.Address, 1)));
    }

    [ToolTheory("gdb")]
    [MemberData(nameof(Architectures))]
    public void GdbKnowsTheArchitectureAndReadsPages(string name, string architecture)
    {
        string path = Export(name);
        TruthLine[] pages;
        using (var core = new CoreImage(path))
        {
            // GDB 13 takes the end of a segment at 2^64 for 0 and finds nothing in it.
            pages = [.. TruthLine.Read(name).Where(l => l.Status == "ok" && l.Last != ulong.MaxValue).DistinctBy(l => l.Physical)
                .Where(l => core.Read(l.Address, 8) is { } bytes && BinaryPrimitives.ReadUInt64LittleEndian(bytes) == Stamp)];
        }

        ToolResult result = Tools.RunGdb(
            path, pages.SelectMany(p => new[] { $"x/8xb 0x{p.Address + 8:x}" }).Prepend("show architecture"));
        Assert.Contains($"\"{architecture}\"", result.Output, StringComparison.Ordinal);
        Assert.Equal(
            pages.Select(p => p.Physical),
            GdbBytes().Matches(result.Output).Select(m => BinaryPrimitives.ReadUInt64LittleEndian(
                [.. m.Groups[1].Captures.Select(c => (byte)QemuWalk.Hex(c.Value))])));
    }

    private string Export(string name)
    {
        using MemoryDump dump = MemoryDump.Open(TestData.Path(name, "machine.yaml"));
        string path = _folder.File("core");
        Cores.Export(dump, Described.Space(dump), path);
        return path;
    }

    [GeneratedRegex(@"^0x\w+:(?:\s+0x(\w\w)){8}", RegexOptions.Multiline)]
    private static partial Regex GdbBytes();
}
