using ElfMmu.Conversion;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Memory;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Conversion;

/// <summary>Where dumps may be converted to, what is left when they can't be, and which options go together.</summary>
public sealed class ConversionOutputTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _dump;

    public ConversionOutputTests() => _dump = _folder.Write("dump.bin", RawDump.Pages(64));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DumpFormat.Elf)]
    [InlineData(DumpFormat.Lime)]
    [InlineData(DumpFormat.Raw)]
    public void AnInputIsNeverTheOutput(DumpFormat format)
    {
        byte[] before = File.ReadAllBytes(_dump);
        Throws.Error("OutputIsInput", () => Convert(o => o with { Path = _dump, Format = format }));
        Throws.Error("OutputIsInput", () => Convert(o => o with { Format = format, MachinePath = _dump }));
        Assert.Equal(before, File.ReadAllBytes(_dump));
        OnlyTheseAreThere("dump.bin");
    }

    [Fact]
    public void NeitherIsAnyOfSeveralInputs()
    {
        var machine = new SmallMachine("ia32e");
        _folder.Write("low.bin", machine.Memory[..0x6000]);
        _folder.Write("high.bin", machine.Memory[0x6000..]);
        string yaml = _folder.Write("machine.yaml", machine.Yaml("low.bin", "high.bin"));
        using MemoryDump dump = MemoryDump.Open(yaml);
        foreach (string name in new[] { "low.bin", "high.bin", "machine.yaml" })
        {
            Throws.Error("OutputIsInput", () => DumpConverter.Convert(dump, new ConversionOptions { Path = _folder.File(name) }));
        }

        // All of them are hashed.
        ConvertedDump done = DumpConverter.Convert(dump, new ConversionOptions { Path = _folder.File("out") });
        Assert.Equal(["high.bin", "low.bin", "machine.yaml"], done.Sources.Select(s => Path.GetFileName(s.Path)).Order(StringComparer.Ordinal));
        Assert.Equal(yaml, done.Sources[0].Path);
        Assert.Equal(done.Sources[0].Sha256, done.SourceSha256);
    }

    [Fact]
    public void ExistingFilesAreReplacedAsAskedFor()
    {
        string output = _folder.Write("out", "old");
        Throws.Error("OutputExists", () => Convert(o => o with { NoClobber = true }));
        File.SetAttributes(output, FileAttributes.ReadOnly);
        Throws.Error("OutputReadOnly", () => Convert());
        Assert.Equal("old", File.ReadAllText(output));
        Convert(o => o with { Force = true });
        Assert.Equal(0x7f, File.ReadAllBytes(output)[0]);
        OnlyTheseAreThere("dump.bin", "out");
    }

    [Fact]
    public void SeveralFilesAppearTogetherOrNotAtAll()
    {
        // The description can't be put where a folder appears in the last moment; the image before it is as it was.
        string output = _folder.Write("out", "old");
        Assert.ThrowsAny<ElfMmuException>(() => Convert(o => o with
        {
            Format = DumpFormat.Raw,
            MachinePath = _folder.File("out.yaml"),
            Progress = (done, all) =>
            {
                if (done == all)
                {
                    Directory.CreateDirectory(_folder.File("out.yaml"));
                }
            },
        }));
        Assert.Equal("old", File.ReadAllText(output));
        OnlyTheseAreThere("dump.bin", "out", "out.yaml");
    }

    [Fact]
    public void SeveralFilesReplaceThoseBefore()
    {
        _folder.Write("out", "old");
        _folder.Write("out.yaml", "old");
        ConvertedDump done = Convert(o => o with { Format = DumpFormat.Raw, MachinePath = _folder.File("out.yaml") });
        Assert.Equal([_folder.File("out"), _folder.File("out.yaml")], done.Files);
        OnlyTheseAreThere("dump.bin", "out", "out.yaml");
        Assert.Equal(File.ReadAllBytes(_dump), File.ReadAllBytes(_folder.File("out")));
        Throws.Error("OutputRepeated", () => Convert(o => o with { Format = DumpFormat.Raw, MachinePath = o.Path }));
    }

    [Theory]
    [InlineData(DumpFormat.Elf)]
    [InlineData(DumpFormat.Lime)]
    [InlineData(DumpFormat.Raw)]
    public void CancellingLeavesWhatWasThere(DumpFormat format)
    {
        byte[] big = new byte[40 << 20];
        Array.Fill(big, (byte)0xa5);
        string path = _folder.Write("big.bin", big);
        string output = _folder.Write("out", "old");
        foreach (double share in new[] { 0.0, 0.3, 1.0 })
        {
            using var source = new CancellationTokenSource();
            using MemoryDump dump = MemoryDump.Open(path);
            Assert.ThrowsAny<OperationCanceledException>(() => DumpConverter.Convert(dump, new ConversionOptions
            {
                Path = output,
                Format = format,
                Cancellation = source.Token,
                Progress = (done, all) =>
                {
                    if (done >= all * share)
                    {
                        source.Cancel();
                    }
                },
            }));
            Assert.Equal("old", File.ReadAllText(output));
            OnlyTheseAreThere("big.bin", "dump.bin", "out");
        }
    }

    [ToolFact("tmpfs")]
    public void AFullDiskIsSaidAndCleanedUp()
    {
        string disk = Directory.CreateDirectory(_folder.File("disk")).FullName;
        Assert.True(Tools.MountSmallDisk(disk));
        try
        {
            string output = Path.Combine(disk, "out");
            File.WriteAllText(output, "old");
            byte[] big = new byte[8 << 20];
            Array.Fill(big, (byte)0xa5);
            using MemoryDump dump = MemoryDump.Open(_folder.Write("big.bin", big));
            foreach (DumpFormat format in Enum.GetValues<DumpFormat>())
            {
                Throws.Error("WriteFailed", () => DumpConverter.Convert(
                    dump, new ConversionOptions { Path = output, Format = format, MachinePath = _folder.File("out.yaml") }));
                Assert.Equal("old", File.ReadAllText(output));
                Assert.Equal([output], Directory.GetFiles(disk));
                Assert.False(File.Exists(_folder.File("out.yaml")));
            }
        }
        finally
        {
            Tools.Run("umount", disk);
        }
    }

    [Fact]
    public void AMissingFolderIsSaid() => Throws.Error("WriteFailed", () => Convert(o => o with { Path = _folder.File("no/such/out") }));

    [Fact]
    public void OptionsThatContradictTheFormatAreRefused()
    {
        Throws.Error("ConversionInvalid", () => Convert(o => o with { Split = true, MachinePath = _folder.File("m") }));
        Throws.Error("ConversionInvalid", () => Convert(o => o with { Format = DumpFormat.Raw, Split = true }));
        Throws.Error("ConversionInvalid", () => Convert(o => o with { FromZero = true }));
        Throws.Error("ConversionInvalid", () => Convert(o => o with { Format = DumpFormat.Lime, Plain = true }));
        OnlyTheseAreThere("dump.bin");
    }

    [Fact]
    public void MemoryThatNoFileCanHoldIsSaid()
    {
        byte[] page = RawDump.Pages(1);
        string elf = _folder.Write("wide.elf", new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64)
            .Notes(new ElfNoteBuilder(ElfData.LittleEndian).Add("VMCOREINFO", 0, "OSRELEASE=1\n"u8).ToArray())
            .Load(0, page)
            .Load(0xffff_ffff_ffff_f000, page)
            .Build());
        using MemoryDump dump = MemoryDump.Open(elf);
        Throws.Error("OutputTooLarge", () => DumpConverter.Convert(dump, new ConversionOptions { Path = _folder.File("out"), Format = DumpFormat.Raw }));
        foreach (DumpFormat format in new[] { DumpFormat.Elf, DumpFormat.Lime })
        {
            ConvertedDump done = DumpConverter.Convert(dump, new ConversionOptions { Path = _folder.File("out"), Format = format });
            using MemoryDump again = MemoryDump.Open(done.Path);
            DumpPicture.SameMemory(dump, again);
        }

        ConvertedDump split = DumpConverter.Convert(
            dump, new ConversionOptions { Path = _folder.File("piece.raw"), Format = DumpFormat.Raw, Split = true, MachinePath = _folder.File("piece.yaml") });
        Assert.Equal(["piece-0.raw", "piece-fffffffffffff000.raw", "piece.yaml"], split.Files.Select(Path.GetFileName));
        using MemoryDump fromPieces = MemoryDump.Open(split.Path);
        DumpPicture.SameMemory(dump, fromPieces);
    }

    [Fact]
    public void ManyRunsNeedMoreThanAHeaderCanCount()
    {
        // 70,000 pages with a gap between each two.
        const int Count = 70_000;
        byte[] page = RawDump.Pages(1);
        string raw = _folder.Write("page", page);
        using DataSource source = DataSourceFactory.Open(raw);
        var content = new DumpContent
        {
            Container = "many",
            Runs = [.. Enumerable.Range(0, Count).Select(i => new PhysicalRun((ulong)i * 0x2000, 4096, source, 0))],
        };
        using var dump = new MemoryDump(DumpIdentity.Of(raw, new DumpOptions()), content, new Machine { Architecture = Architecture.X86, WordSize = 64 });
        ConvertedDump done = DumpConverter.Convert(dump, new ConversionOptions { Path = _folder.File("out") });
        Assert.Equal(Count, done.Runs);
        using MemoryDump again = MemoryDump.Open(done.Path);
        Assert.Equal(Count, again.Memory.Runs.Count);
        byte[] read = new byte[4096];
        Assert.True(again.Memory.TryRead((Count - 1) * 0x2000UL, read));
        Assert.Equal(page, read);
        Assert.False(again.Memory.TryRead(0x1000, read));
        Throws.Error("TooManyPieces", () => DumpConverter.Convert(
            dump, new ConversionOptions { Path = _folder.File("p"), Format = DumpFormat.Raw, Split = true, MachinePath = _folder.File("p.yaml") }));
        Throws.Error("MachineTooLarge", () => DumpConverter.Convert(
            dump, new ConversionOptions { Path = _folder.File("p"), Format = DumpFormat.Raw, MachinePath = _folder.File("p.yaml") }));
    }

    private ConvertedDump Convert(Func<ConversionOptions, ConversionOptions>? change = null)
    {
        using MemoryDump dump = MemoryDump.Open(_dump);
        var options = new ConversionOptions { Path = _folder.File("out") };
        return DumpConverter.Convert(dump, change?.Invoke(options) ?? options);
    }

    private void OnlyTheseAreThere(params string[] names) => Assert.Equal(
        names, Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
}
