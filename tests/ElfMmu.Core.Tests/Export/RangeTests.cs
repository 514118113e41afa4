using System.Text;
using System.Text.Json;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Export;
using ElfMmu.Intervals;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Export;

/// <summary>Cores of some ranges of a space.</summary>
public sealed class RangeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void MappingsAreCutToTheRanges()
    {
        // The machine maps 0x10000 to RAM + 0x8000, 0x11000 to RAM + 0x9000 and 0x12000 to RAM + 0x5000.
        ExportSummary summary = Export("0x10ff0-0x11010", "0x12100+0x80", "0x12140-0x12200");
        Assert.Empty(summary.Warnings);
        using var core = new CoreImage(summary.Path);
        Assert.Equal(
            [(0x1_0ff0UL, 0x20UL), (0x1_2100UL, 0x100UL)], core.Loads.Select(l => (l.VirtualAddress, l.FileSize)));
        byte[] memory = new SmallMachine("ia32e").Memory;
        Assert.Equal(memory[0x8ff0..0x9010], core.Read(0x1_0ff0, 0x20));
        Assert.Equal(memory[0x5100..0x5200], core.Read(0x1_2100, 0x100));
        Assert.All(core.Loads, l => Assert.Equal(l.VirtualAddress % 4096, l.Offset % 4096));
        ElfNote note = core.Headers.Where(h => h.Type == ElfSegmentType.Note)
            .SelectMany(h => core.Reader.EnumerateNotes(h)).Single(n => n.Name == "ElfMmu");
        using JsonDocument json = JsonDocument.Parse(Encoding.UTF8.GetString(note.Description.Span));
        Assert.Equal(
            ["0x10ff0-0x11010", "0x12100-0x12200"],
            json.RootElement.GetProperty("filters").GetProperty("ranges").EnumerateArray().Select(r => r.GetString()));
    }

    [Fact]
    public void WhatIsMissingIsCounted()
    {
        // RAM ends at 0x13000, where a device is mapped; nothing is mapped below 0x10000.
        ExportSummary summary = Export("0xff00-0x10100", "0x12f00-0x13100");
        Assert.Contains(summary.Warnings, w => w.StartsWith("512 of the 1024 bytes asked for", StringComparison.Ordinal)
            && w.Contains("0xff00", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0x20000-0x30000")]
    [InlineData("0x13000-0x14000")]
    [InlineData("0xfffffffffffff000-0x10000000000000000")]
    public void NothingInTheRangesIsAnError(string range)
    {
        var error = Assert.Throws<ElfMmuException>(() => Export(range));
        Assert.Equal("NothingToExport", error.ErrorId);
        Assert.Contains(range, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("core")));
    }

    [Theory]
    [InlineData("0x1000-0x3000", 0x1000UL, 0x2fffUL)]
    [InlineData(" 0xffff8880_00000000 + 0x1000 ", 0xffff_8880_0000_0000UL, 0xffff_8880_0000_0fffUL)]
    [InlineData("4096+1", 4096UL, 4096UL)]
    [InlineData("0xfffffffffffff000-0x10000000000000000", 0xffff_ffff_ffff_f000UL, ulong.MaxValue)]
    [InlineData("0xfffffffffffff000+0x1000", 0xffff_ffff_ffff_f000UL, ulong.MaxValue)]
    public void RangesAreReadAsText(string text, ulong start, ulong last)
    {
        Interval range = IntervalText.Parse(text);
        Assert.Equal((start, last), (range.Start, range.Last));
        Assert.Equal(range, IntervalText.Parse(IntervalText.Format(range)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x1000")]
    [InlineData("0x2000-0x1000")]
    [InlineData("0x1000-0x1000")]
    [InlineData("0x1000+0")]
    [InlineData("0-0")]
    [InlineData("0x1000-")]
    [InlineData("-0x1000")]
    [InlineData("0x1000+-1")]
    [InlineData("0xffffffffffffffff+2")]
    [InlineData("a-b")]
    public void OtherTextIsRefused(string text) =>
        Assert.Equal("RangeInvalid", Assert.Throws<ElfMmuException>(() => IntervalText.Parse(text)).ErrorId);

    [Fact]
    public void SetsAreMergedAndAscending()
    {
        var set = new IntervalSet(new[] { "0x30-0x40", "0x10-0x20", "0x20-0x28", "0x12-0x14", "0xf0-0x10000000000000000" }.Select(IntervalText.Parse));
        Assert.Equal("0x10-0x28, 0x30-0x40, 0xf0-0x10000000000000000", set.ToString());
        Assert.Equal([0, 0, 1, 1, 2, 2], new ulong[] { 0, 0x27, 0x28, 0x3f, 0x40, ulong.MaxValue }.Select(set.FirstFrom));
        Assert.Equal("0x20-0x28, 0x30-0x31", set.Within(IntervalText.Parse("0x20-0x31")).ToString());
    }

    private ExportSummary Export(params string[] texts)
    {
        var machine = new SmallMachine("ia32e");
        string path = _folder.Write("dump.elf", machine.Elf(ElfClass.Elf64, ElfData.LittleEndian));
        using MemoryDump dump = MemoryDump.Open(path);
        AddressSpace space = dump.Space();
        var ranges = new IntervalSet(texts.Select(IntervalText.Parse));
        var segments = new CoreSegments(new MappingFilter(Privilege.Any));
        var sink = new CutSegments(segments, ranges);
        space.Walk(CutSegments.Narrow(space.NewWalk(), ranges), ref sink);
        return ElfCoreExporter.Export(
            dump, space.Identity, segments, new ExportOptions { Path = _folder.File("core"), Ranges = ranges });
    }
}
