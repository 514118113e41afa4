using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Export;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Export;

/// <summary>Cores with more segments than e_phnum can count.</summary>
public sealed partial class ManySegmentsTests : IDisposable
{
    private const ulong Base = 0x7f00_0000_0000;
    private const int Pages = 64;

    private readonly TempFolder _folder = new();
    private readonly byte[] _memory = RawDump.Pages(Pages);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(65_533, 65_534, false)]
    [InlineData(65_534, 0xffff, true)]
    [InlineData(65_535, 0xffff, true)]
    [InlineData(70_000, 0xffff, true)]
    public void TheCountMovesToSectionZeroWhereItNoLongerFits(int loads, int field, bool sectionZero)
    {
        using var core = new CoreImage(Export(loads));
        ElfHeader header = core.Reader.Header;
        Assert.Equal(field, header.ProgramHeaderCountField);
        Assert.Equal((ulong)loads + 1, header.ProgramHeaderCount);
        Assert.Equal(sectionZero ? 1UL : 0, header.SectionHeaderCount);
        Assert.Empty(header.Warnings);
        Assert.Equal(loads, core.Loads.Length);
        if (sectionZero)
        {
            Assert.Equal((uint)loads + 1, core.Reader.ReadSectionHeader(0).Info);
        }

        foreach (int index in new[] { 0, 1, loads / 2, loads - 1 })
        {
            Assert.Equal(Word(index), BinaryPrimitives.ReadUInt64LittleEndian(core.Read(Address(index), 8)));
        }
    }

    [ToolFact("readelf")]
    public void ReadElfCountsThem()
    {
        foreach (int loads in new[] { 65_533, 65_534, 70_000 })
        {
            ToolResult result = Tools.Run("readelf", "-lW", Export(loads));
            Assert.Equal("", result.Errors);
            Assert.Empty(result.Complaints);
            Assert.Equal(loads, Regex.Count(result.Output, @"^\s+LOAD\s", RegexOptions.Multiline));
        }
    }

    [ToolFact("eu-readelf")]
    public void ElfUtilsCountThem()
    {
        foreach (int loads in new[] { 65_533, 65_534, 70_000 })
        {
            ToolResult result = Tools.Run("eu-readelf", "-l", Export(loads));
            Assert.Equal("", result.Errors);
            Assert.Equal(loads, Regex.Count(result.Output, @"^\s+LOAD\s", RegexOptions.Multiline));
        }
    }

    [ToolFact("gdb")]
    public void GdbReadsThem()
    {
        foreach (int loads in new[] { 65_533, 65_534, 70_000 })
        {
            int[] samples = [0, 1, 32_768, 65_532, loads - 1];
            ToolResult result = Tools.RunGdb(Export(loads), samples.Select(i => $"x/gx 0x{Address(i):x}"));
            Assert.Equal(samples.Select(Word), GdbWord().Matches(result.Output).Select(m => QemuWalk.Hex(m.Groups[1].Value)));
        }
    }

    [ToolFact("pyelftools")]
    public void PyElfToolsCountsThem()
    {
        foreach (int loads in new[] { 65_533, 65_534, 70_000 })
        {
            ToolResult result = Tools.Run(
                Tools.Python!,
                "-c",
                "import sys; from elftools.elf.elffile import ELFFile; print(ELFFile(open(sys.argv[1], 'rb')).num_segments())",
                Export(loads));
            Assert.Equal("", result.Errors);
            Assert.Equal(loads + 1, int.Parse(result.Output, CultureInfo.InvariantCulture));
        }
    }

    private static ulong Address(int index) => Base + ((ulong)index * 0x2000);

    private ulong Word(int index) => BinaryPrimitives.ReadUInt64LittleEndian(_memory.AsSpan(index * 5 % Pages * 4096));

    /// <summary>Every other page of a stretch of addresses, over and over on the same few frames.</summary>
    private string Export(int loads)
    {
        using MemoryDump dump = RawDump.Open(_folder, _memory);
        var segments = new CoreSegments(new MappingFilter(Privilege.User));
        var attributes = new MappingAttributes(Rights.Read, Rights.Read, 1, 12, 0, false, false, false);
        for (int i = 0; i < loads; i++)
        {
            segments.Add(new Mapping(Address(i), 4096, (ulong)(i * 5 % Pages) * 4096, attributes, RegionKind.Ram));
        }

        string path = _folder.File("core");
        ElfCoreExporter.Export(dump, dump.Space(0, "ia32e").Identity, segments, new ExportOptions { Path = path });
        return path;
    }

    [GeneratedRegex(@"^0x\w+:\s+0x(\w+)", RegexOptions.Multiline)]
    private static partial Regex GdbWord();
}
