using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using ElfMmu.Windows;
using Xunit;

namespace ElfMmu.Tests.Dumps.Windows;

/// <summary>Crash dumps that QEMU wrote (<c>dump-guest-memory -w</c>), beside its plain dump and its registers of the same moment.</summary>
public sealed partial class WindowsQemuTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("dump64", "Windows full (DUMP64)", "ia32e", 0x10_4000UL)]
    [InlineData("dump32", "Windows full (DUMP32)", "pae", 0x10_3060UL)]
    public void ItOpensWithRootAndMode(string name, string container, string mode, ulong root)
    {
        using MemoryDump dump = Open(name + ".dmp");
        Assert.Equal(container, dump.Container);
        Assert.Empty(dump.Warnings);
        Assert.Equal([(0UL, 0xa_0000UL), (0x10_0000UL, 0x70_0000UL)], dump.Memory.Runs.Select(r => (r.Start, r.Size)));
        AddressSpace space = dump.Space();
        Assert.Equal(mode, space.Identity.Mode.Name);
        Assert.Equal(root, space.Identity.Root);
        Assert.Equal("Windows 10.0.19045", dump.Facts.OperatingSystem);
        var details = dump.Facts.Details.ToDictionary();
        Assert.Equal("0x12345678", details["Bug check"]);
        Assert.Equal("0x51, 0x52, 0x53, 0x54", details["Bug check parameters"]);
        Assert.Equal("A machine without Windows", details["Comment"]);
        Assert.Equal("workstation", details["Product"]);
        Assert.Equal("02:44:36.5432100", details["Up time"]);
    }

    [Theory]
    [InlineData("dump64")]
    [InlineData("dump32")]
    public void MappingsAreThoseOfThePlainDump(string name)
    {
        using MemoryDump dump = Open(name + ".dmp");
        using MemoryDump plain = Open(name + ".elf");
        AddressSpace expected = plain.Space();
        Assert.Equal(expected.Identity.Mode, dump.Space().Identity.Mode);
        Dictionary<ulong, (ulong, MappingAttributes)> pages = Pages(expected);
        Assert.True(pages.Count > 2048);
        Assert.Equal(pages, Pages(dump.Space()));
    }

    [Theory]
    [InlineData("dump64", 0x10_a000UL)]
    [InlineData("dump32", 0x10_8000UL)]
    public void MemoryIsThatOfThePlainDump(string name, ulong contexts)
    {
        using MemoryDump dump = Open(name + ".dmp");
        using MemoryDump plain = Open(name + ".elf");
        byte[] expected = new byte[0x70_0000];
        byte[] actual = new byte[0x70_0000];
        Assert.True(plain.Memory.TryRead(0x10_0000, expected));
        Assert.True(dump.Memory.TryRead(0x10_0000, actual));
        int[] different = [.. Enumerable.Range(0, 0x700).Where(i => !expected.AsSpan(i * 4096, 4096).SequenceEqual(actual.AsSpan(i * 4096, 4096)))];

        // While it writes a crash dump, QEMU puts the processors' registers into the guest's memory.
        Assert.Single(different);
        Assert.InRange(0x10_0000 + ((ulong)different[0] * 4096), contexts, contexts + 0x3000);
    }

    [Theory]
    [InlineData("dump64", "R")]
    [InlineData("dump32", "E")]
    public void TheProcessorsAreThoseThatQemuShows(string name, string letter)
    {
        using MemoryDump dump = Open(name + ".dmp");
        IReadOnlyList<Cpu> cpus = WindowsProcessors.Of(dump);
        Assert.Equal([0, 1], cpus.Select(c => c.Index));
        List<Dictionary<string, ulong>> shown = Registers(name);
        string prefix = letter.ToLowerInvariant();
        for (int i = 0; i < 2; i++)
        {
            // Of a processor with 32-bit code QEMU shows the 32-bit names.
            string own = i == 1 ? "e" : prefix;
            foreach (string register in new[] { "ax", "bx", "cx", "dx", "si", "di", "bp", "sp", "ip" })
            {
                Assert.Equal(shown[i][own + register], cpus[i][prefix + register]);
            }

            Assert.Equal(shown[i][own + "fl"], cpus[i]["eflags"]);
            Assert.Equal(shown[i]["cs"], cpus[i]["cs"]);
            Assert.Equal(shown[i]["es"], cpus[i]["es"]);
        }

        // The guest saved the control registers of its first processor; the other one never ran.
        Assert.All(new[] { "cr0", "cr2", "cr3", "cr4" }, n => Assert.Equal(shown[0][n], cpus[0][n]));
        Assert.Null(cpus[1]["cr3"]);
        Assert.Equal(dump.Space().Identity.Root, AddressSpace.Open(dump, new SpaceRequest { Cpu = 0 }).Identity.Root);
    }

    [Fact]
    public void AllSixteenRegistersAreInTheirPlaces()
    {
        using MemoryDump dump = Open("dump64.dmp");
        Cpu cpu = WindowsProcessors.Of(dump)[0];
        for (ulong i = 8; i < 16; i++)
        {
            Assert.Equal(0x1111_1111_1111_1100 + i, cpu[string.Create(CultureInfo.InvariantCulture, $"r{i}")]);
        }
    }

    /// <summary>The bytes of one of the files.</summary>
    internal static byte[] Unpack(string name)
    {
        var bytes = new MemoryStream();
        using var gzip = new GZipStream(File.OpenRead(TestData.Path("containers", $"windows/{name}.gz")), CompressionMode.Decompress);
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static Dictionary<ulong, (ulong, MappingAttributes)> Pages(AddressSpace space)
    {
        var pages = new Dictionary<ulong, (ulong, MappingAttributes)>();
        foreach (Mapping mapping in space.All(includeAbsent: true))
        {
            for (ulong at = 0; at < mapping.Size; at += 4096)
            {
                pages.Add(mapping.VirtualAddress + at, (mapping.PhysicalAddress + at, mapping.Attributes));
            }
        }

        return pages;
    }

    /// <summary>What QEMU's monitor showed, processor by processor.</summary>
    private static List<Dictionary<string, ulong>> Registers(string name)
    {
        var cpus = new List<Dictionary<string, ulong>>();
        foreach (string line in File.ReadLines(TestData.Path("containers", $"windows/{name}.registers.txt")))
        {
            if (line.StartsWith("RAX", StringComparison.Ordinal) || line.StartsWith("EAX", StringComparison.Ordinal))
            {
                cpus.Add(new Dictionary<string, ulong>());
            }

            foreach (Match match in Shown().Matches(line))
            {
                cpus[^1][match.Groups[1].Value.ToLowerInvariant()] = ulong.Parse(match.Groups[2].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }
        }

        return cpus;
    }

    [GeneratedRegex("([A-Z][A-Z0-9]+) *=([0-9a-f]+)")]
    private static partial Regex Shown();

    private MemoryDump Open(string name) => MemoryDump.Open(_folder.Write(name, Unpack(name)));
}
