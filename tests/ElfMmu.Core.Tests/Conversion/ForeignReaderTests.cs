using System.Globalization;
using System.Security.Cryptography;
using ElfMmu.Conversion;
using ElfMmu.Dumps;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Conversion;

/// <summary>Readers of others find the same bytes at the same physical addresses of what is converted, and the same registers.</summary>
public sealed class ForeignReaderTests : IDisposable
{
    private const int PieceSize = 4096;

    private const string KdumpScript = """
        import sys, hashlib, kdumpfile
        k = kdumpfile.kdumpfile(sys.argv[1])
        for a in sys.argv[2:]:
            print(hashlib.sha256(k.read(kdumpfile.KDUMP_MACHPHYSADDR, int(a), 4096)).hexdigest())
        """;

    private const string ElfToolsScript = """
        import sys, hashlib
        from elftools.elf.elffile import ELFFile
        with open(sys.argv[1], 'rb') as f:
            segments = [s.header for s in ELFFile(f).iter_segments() if s.header.p_type == 'PT_LOAD' and s.header.p_filesz]
            for a in map(int, sys.argv[2:]):
                s = next(s for s in segments if s.p_paddr <= a < s.p_paddr + s.p_filesz)
                f.seek(s.p_offset + a - s.p_paddr)
                print(hashlib.sha256(f.read(4096)).hexdigest())
        """;

    private const string VolatilityScript = """
        import sys, hashlib
        from volatility3.framework import contexts
        from volatility3.framework.layers import elf, lime, physical
        context = contexts.Context()
        context.config['file.location'] = 'file://' + sys.argv[2]
        context.add_layer(physical.FileLayer(context, 'file', 'file'))
        context.config['memory.base_layer'] = 'file'
        layer = {'elf': elf.Elf64Layer, 'lime': lime.LimeLayer}[sys.argv[1]](context, 'memory', 'memory')
        context.add_layer(layer)
        for a in sys.argv[3:]:
            print(hashlib.sha256(layer.read(int(a), 4096)).hexdigest())
        """;

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Bare => [.. BareDumpData.X86, .. BareDumpData.Others];

    /// <summary>64 bits; libkdumpfile 0.5 reads no others of QEMU's.</summary>
    public static TheoryData<string> LinuxX86 =>
        BigDumps.Missing(BigDumps.LinuxX86) == null ? [.. BigDumps.LinuxX86.Where(n => n.Contains("x64", StringComparison.Ordinal))] : ["bare-x64"];

    public void Dispose() => _folder.Dispose();

    [ToolTheory("kdumpfile")]
    [MemberData(nameof(LinuxX86))]
    public void Libkdumpfile(string name) => Compare(name, DumpFormat.Elf, (path, addresses) => Tools.Run(Tools.KdumpPython!, ["-c", KdumpScript, path, .. addresses]));

    [ToolTheory("pyelftools")]
    [MemberData(nameof(Bare))]
    public void PyElfTools(string name) => Compare(name, DumpFormat.Elf, (path, addresses) => Tools.Run(Tools.Python!, ["-c", ElfToolsScript, path, .. addresses]));

    [ToolTheory("volatility3")]
    [MemberData(nameof(Bare))]
    public void Volatility(string name)
    {
        Compare(name, DumpFormat.Lime, (path, addresses) => Tools.Run(Tools.VolatilityPython!, ["-c", VolatilityScript, "lime", path, .. addresses]));

        // Its ELF layer reads one class and one byte order.
        if (name is "bare-x64" or "bare-a64-4k" or "bare-sv39")
        {
            Compare(name, DumpFormat.Elf, (path, addresses) => Tools.Run(Tools.VolatilityPython!, ["-c", VolatilityScript, "elf", path, .. addresses]));
        }
    }

    [ToolTheory("gdb")]
    [InlineData("bare-x64")]
    [InlineData("bare-a64-4k")]
    [InlineData("bare-sv39")]
    [InlineData("bare-ia32")]
    [InlineData("bare-arm-short")]
    public void Gdb(string name)
    {
        using var folder = new DumpFolder(name);
        using MemoryDump dump = MemoryDump.Open(folder.File("phys.elf"));
        ConvertedDump done = DumpConverter.Convert(dump, new ConversionOptions { Path = _folder.File("out.elf") });
        ulong[] addresses = Sample(dump);
        ToolResult result = Tools.RunGdb(
            done.Path, [.. addresses.Select((a, i) => $"dump binary memory {_folder.File($"{i}.bin")} 0x{a:x} 0x{a + PieceSize:x}"), "info registers"]);
        for (int i = 0; i < addresses.Length; i++)
        {
            Assert.Equal(Read(dump, addresses[i]), File.ReadAllBytes(_folder.File($"{i}.bin")));
        }

        ulong counter = (dump.Machine.Cpus[0]["rip"] ?? dump.Machine.Cpus[0]["eip"] ?? dump.Machine.Cpus[0]["pc"])!.Value;
        Assert.Contains($"0x{counter:x}", result.Output, StringComparison.Ordinal);
    }

    [ToolTheory("readelf")]
    [MemberData(nameof(Bare))]
    public void ReadelfHasNoComplaint(string name)
    {
        using var folder = new DumpFolder(name);
        using MemoryDump dump = MemoryDump.Open(folder.File("phys.elf"), new DumpOptions { MachinePath = folder.File("machine.yaml") });
        ConvertedDump done = DumpConverter.Convert(dump, new ConversionOptions { Path = _folder.File("out.elf") });
        ToolResult result = Tools.Run("readelf", "-hlnW", done.Path);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
    }

    /// <summary>makedumpfile takes the ELF core for /proc/vmcore, and what it makes of it holds the same memory.</summary>
    [ToolTheory("makedumpfile", "kdumpfile")]
    [InlineData("linux-x64-128m")]
    public void Makedumpfile(string name)
    {
        if (BigDumps.Missing(name) != null)
        {
            return;
        }

        using var folder = new DumpFolder(name);
        using MemoryDump dump = MemoryDump.Open(folder.File("phys.elf"), new DumpOptions { MachinePath = folder.File("machine.yaml") });
        ConvertedDump done = DumpConverter.Convert(dump, new ConversionOptions { Path = _folder.File("out.elf") });
        ToolResult made = Tools.Run("makedumpfile", "-c", "-d", "0", done.Path, _folder.File("out.kdump"));
        Assert.True(made.ExitCode == 0, made.Output + made.Errors);
        ulong[] addresses = Sample(dump);
        ToolResult result = Tools.Run(Tools.KdumpPython!, ["-c", KdumpScript, _folder.File("out.kdump"), .. addresses.Select(Text)]);
        Assert.Equal(addresses.Select(a => Hash(Read(dump, a))), result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [ToolFact("sha256sum")]
    public void Sha256sumSaysTheSame()
    {
        string raw = _folder.Write("ram.bin", RawDump.Pages(300));
        using MemoryDump dump = MemoryDump.Open(raw, new DumpOptions { RamBase = 0x1000 });
        ConvertedDump done = DumpConverter.Convert(dump, new ConversionOptions { Path = _folder.File("out.raw"), Format = DumpFormat.Raw });
        string[] sums = [.. new[] { raw, done.Path }.Select(p => Tools.Run("sha256sum", p).Output.Split(' ')[0])];
        Assert.Equal([done.SourceSha256, done.MemorySha256], sums);
        string packed = _folder.Write("ram.gz", SmallMachine.Pack(RawDump.Pages(300)));
        using MemoryDump unpacked = MemoryDump.Open(packed);
        ConvertedDump again = DumpConverter.Convert(unpacked, new ConversionOptions { Path = _folder.File("out.elf") });
        Assert.Equal(Tools.Run("sha256sum", packed).Output.Split(' ')[0], again.SourceSha256);
        Assert.Equal(done.MemorySha256, again.MemorySha256);
    }

    private void Compare(string name, DumpFormat format, Func<string, IEnumerable<string>, ToolResult> read)
    {
        using var folder = new DumpFolder(name);
        using MemoryDump dump = MemoryDump.Open(folder.File("phys.elf"), new DumpOptions { MachinePath = folder.File("machine.yaml") });
        ConvertedDump done = DumpConverter.Convert(dump, new ConversionOptions { Path = _folder.File("out"), Format = format });
        ulong[] addresses = Sample(dump);
        ToolResult result = read(done.Path, addresses.Select(Text));
        string[] hashes = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(addresses.Select(a => Hash(Read(dump, a))), hashes);
    }

    private static string Text(ulong address) => address.ToString(CultureInfo.InvariantCulture);

    /// <summary>The first and the last page of each run, and some between them.</summary>
    private static ulong[] Sample(MemoryDump dump) =>
    [
        .. DumpPicture.Runs(dump).SelectMany(r => Enumerable.Range(0, 40).Select(i => r.Start + ((r.Size / PieceSize - 1) * (ulong)i / 39 * PieceSize))).Distinct(),
    ];

    private static byte[] Read(MemoryDump dump, ulong address)
    {
        byte[] page = new byte[PieceSize];
        Assert.True(dump.Memory.TryRead(address, page));
        return page;
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
