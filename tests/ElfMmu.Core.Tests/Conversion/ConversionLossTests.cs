using ElfMmu.Conversion;
using ElfMmu.Dumps;
using ElfMmu.Inspection;
using ElfMmu.Memory;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Conversion;

/// <summary>What was lost in a conversion, and what nobody knew, is said by what was written; a name says the format, and gives one.</summary>
public sealed class ConversionLossTests : IDisposable
{
    private const ulong Base = 0x4000_0000;
    private const int Page = 4096;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, "left out")]
    [InlineData(true, "read as zeros")]
    public void DamageIsRemembered(bool zeroFill, string fate)
    {
        using MemoryDump dump = new PackedMemory(_folder, RawDump.Pages(64), Page, zeroFill, 5, 9).Open(Base);
        DumpConverter.Convert(dump, new ConversionOptions { Path = _folder.File("a.elf"), MachinePath = _folder.File("a.yaml") });
        DumpConverter.Convert(dump, new ConversionOptions { Path = _folder.File("plain.elf"), Plain = true });

        // A conversion of the conversion hasn't lost less, and not twice as much.
        using (MemoryDump once = MemoryDump.Open(_folder.File("a.elf")))
        {
            DumpConverter.Convert(once, new ConversionOptions { Path = _folder.File("b.elf") });
        }

        foreach (string name in new[] { "a.elf", "plain.elf", "b.elf" })
        {
            using MemoryDump again = MemoryDump.Open(_folder.File(name));
            MemoryDumpInfo info = new DumpInspector().Inspect(again);
            Assert.Equal(2UL * Page, info.MissingSize);
            Assert.False(info.IsComplete);
            Assert.Equal((zeroFill ? 64UL : 62UL) * Page, info.MemorySize);
            Assert.Contains(info.Warnings, w => w.Contains($"0x2000 bytes in 2 blocks were damaged and {fate}: 0x1000 from physical 0x40005000 on", StringComparison.Ordinal));
            Assert.Equal(zeroFill, info.Warnings.Any(w => w.Contains("zeros for what was damaged", StringComparison.Ordinal)));
        }

        string[] comments = [.. File.ReadLines(_folder.File("a.yaml")).Where(l => l.StartsWith('#'))];
        Assert.Contains(comments, c => c.Contains(fate, StringComparison.Ordinal) && c.Contains("0x40009000", StringComparison.Ordinal));
    }

    [Fact]
    public void MuchDamageIsCountedAndTheFirstOfItNamed()
    {
        using MemoryDump dump = new PackedMemory(_folder, RawDump.Pages(5000), Page, true, Enumerable.Range(0, 2500).Select(i => 2 * i)).Open(0);
        DumpConverter.Convert(dump, new ConversionOptions { Path = _folder.File("a.elf") });
        using MemoryDump again = MemoryDump.Open(_folder.File("a.elf"));
        Assert.Equal(2500UL * Page, again.MissingSize);
        Assert.Contains(again.Warnings, w => w.Contains("in 2500 blocks", StringComparison.Ordinal) && w.Contains("and more", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatIsMissingIsRemembered()
    {
        string whole = _folder.File("whole.elf");
        using (MemoryDump dump = MemoryDump.Open(_folder.Write("a.bin", RawDump.Pages(64)), new DumpOptions { RamBase = Base }))
        {
            DumpConverter.Convert(dump, new ConversionOptions { Path = whole });
        }

        string cut = _folder.Write("cut.elf", File.ReadAllBytes(whole)[..^(3 * Page)]);
        foreach (bool zeroFill in new[] { false, true })
        {
            using MemoryDump dump = MemoryDump.Open(cut, new DumpOptions { ZeroFill = zeroFill });
            DumpConverter.Convert(dump, new ConversionOptions { Path = _folder.File("out.elf") });
            using MemoryDump again = MemoryDump.Open(_folder.File("out.elf"));
            Assert.Equal(3UL * Page, again.MissingSize);
            Assert.Contains(again.Warnings, w => w.Contains($"0x3000 bytes that its container promised", StringComparison.Ordinal)
                && w.Contains(zeroFill ? "read as zeros" : "left out", StringComparison.Ordinal));
        }

        using MemoryDump sound = MemoryDump.Open(whole);
        Assert.Equal((0UL, true), (sound.MissingSize, sound.IsPlaced));
        Assert.Empty(sound.Warnings);
    }

    [Fact]
    public void AnImageThatNothingPlacesStaysOne()
    {
        byte[] bytes = RawDump.Pages(64);
        using MemoryDump dump = MemoryDump.Open(_folder.Write("a.bin", bytes));
        ConvertedDump done = DumpConverter.Convert(dump, new ConversionOptions { Path = _folder.File("a.elf") });
        Assert.Contains(done.Warnings, w => w.Contains("Nothing says where", StringComparison.Ordinal));
        Assert.DoesNotContain(
            DumpConverter.Convert(dump, new ConversionOptions { Path = _folder.File("b.raw"), Format = DumpFormat.Raw }).Warnings,
            w => w.Contains("Nothing says where", StringComparison.Ordinal));
        using MemoryDump again = MemoryDump.Open(done.Path);
        Assert.False(again.IsPlaced);
        Assert.Equal([(0UL, (ulong)bytes.Length)], DumpPicture.Runs(again));

        using MemoryDump given = MemoryDump.Open(done.Path, new DumpOptions { RamBase = Base });
        Assert.True(given.IsPlaced);
        Assert.Empty(given.Warnings);
        Assert.Equal([(Base, (ulong)bytes.Length)], DumpPicture.Runs(given));
        using MemoryDump pieces = MemoryDump.Open(done.Path, new DumpOptions { Layout = new RawLayout([new RawPiece(0, 0), new RawPiece(Page, Base)]) });
        Assert.Equal([(0UL, (ulong)Page), (Base, (ulong)bytes.Length - Page)], DumpPicture.Runs(pieces));
        byte[] read = new byte[Page];
        Assert.True(pieces.Memory.TryRead(Base, read));
        Assert.Equal(bytes[Page..(2 * Page)], read);
        Throws.Error("RamBaseInvalid", () => MemoryDump.Open(done.Path, new DumpOptions { RamBase = ulong.MaxValue - 10 }));
    }

    [Fact]
    public void WhatIsNoMemoryIsRefusedUnlessItIsSaidToBe()
    {
        string notes = _folder.Write("notes.txt", "these are my notes");
        using MemoryDump dump = MemoryDump.Open(notes);
        Throws.Error("NotAMemoryDump", () => DumpConverter.Convert(dump, new ConversionOptions { Path = _folder.File("out.elf") }));
        Assert.False(File.Exists(_folder.File("out.elf")));
        using MemoryDump placed = MemoryDump.Open(notes, new DumpOptions { RamBase = 0 });
        Assert.Equal(18UL, DumpConverter.Convert(placed, new ConversionOptions { Path = _folder.File("out.elf") }).MemorySize);
    }

    [ToolFact("ln")]
    public void AnotherNameOfTheInputBecomesAFileOfItsOwn()
    {
        byte[] bytes = RawDump.Pages(4);
        string input = _folder.Write("in.bin", bytes);
        Tools.Run("ln", input, _folder.File("hard.elf"));
        using MemoryDump dump = MemoryDump.Open(input);
        DumpConverter.Convert(dump, new ConversionOptions { Path = _folder.File("hard.elf") });
        Assert.Equal(bytes, File.ReadAllBytes(input));
        Assert.Equal("\u007fELF"u8.ToArray(), File.ReadAllBytes(_folder.File("hard.elf"))[..4]);
    }

    [Theory]
    [InlineData("x.elf", DumpFormat.Elf, "x.elf")]
    [InlineData("dump64.dmp.gz", DumpFormat.Elf, "dump64.elf")]
    [InlineData("ram.LIME.zst", DumpFormat.Raw, "ram.raw")]
    [InlineData("x.zlib", DumpFormat.Lime, "x.lime")]
    [InlineData("host.2026", DumpFormat.Elf, "host.2026.elf")]
    [InlineData("vmcore", DumpFormat.Elf, "vmcore.elf")]
    [InlineData(".gz", DumpFormat.Elf, ".gz.elf")]
    [InlineData("a.elf.bin", DumpFormat.Elf, "a.elf.elf")]
    public void TheFormatsExtensionReplacesTheDumps(string dump, DumpFormat format, string expected) =>
        Assert.Equal(Path.Combine("/out", expected), ConversionDestination.Of("/in/" + dump, format, "/out"));

    [Theory]
    [InlineData("x.lime", null, false, DumpFormat.Lime)]
    [InlineData("x.BIN", null, false, DumpFormat.Raw)]
    [InlineData("x.vmem", null, false, DumpFormat.Raw)]
    [InlineData("x", null, false, DumpFormat.Elf)]
    [InlineData(null, null, false, DumpFormat.Elf)]
    [InlineData("x.elf", null, true, DumpFormat.Raw)]
    [InlineData(null, null, true, DumpFormat.Raw)]
    [InlineData("x.lime", DumpFormat.Elf, true, DumpFormat.Elf)]
    public void TheNameSaysTheFormatUnlessItIsAskedFor(string? file, DumpFormat? asked, bool onlyRaw, DumpFormat expected) =>
        Assert.Equal(expected, ConversionDestination.FormatOf(asked, onlyRaw, file));
}
