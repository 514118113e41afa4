using ElfMmu.Dumps;
using ElfMmu.Export;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Export;

/// <summary>Where a core may be written to, and what is left when it can't be.</summary>
public sealed class OutputTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly byte[] _memory = RawDump.Pages(16);
    private readonly string _dumpPath;

    public OutputTests() => _dumpPath = _folder.Write("dump.bin", _memory);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheDumpIsNeverTheOutput()
    {
        Throws.Error("OutputIsInput", () => Export(_dumpPath));
        Throws.Error("OutputIsInput", () => Export(_folder.File("./x/../dump.bin")));
        InputIsUntouched();
    }

    [Fact]
    public void NorIsALinkToIt()
    {
        File.CreateSymbolicLink(_folder.File("link"), _dumpPath);
        File.CreateSymbolicLink(_folder.File("link to link"), _folder.File("link"));
        Throws.Error("OutputIsInput", () => Export(_folder.File("link")));
        Throws.Error("OutputIsInput", () => Export(_folder.File("link to link")));
        InputIsUntouched();
    }

    [Fact]
    public void NorIsItThroughALinkedFolder()
    {
        string linked = _folder.Path + "-linked";
        Directory.CreateSymbolicLink(linked, _folder.Path);
        try
        {
            Throws.Error("OutputIsInput", () => Export(Path.Combine(linked, "dump.bin")));
            Throws.Error("OutputIsInput", () => Export(_dumpPath, Path.Combine(linked, "dump.bin")));
            InputIsUntouched();
        }
        finally
        {
            Directory.Delete(linked);
        }
    }

    [Fact]
    public void NorIsTheDumpOpenedThroughALink()
    {
        File.CreateSymbolicLink(_folder.File("link"), _dumpPath);
        Throws.Error("OutputIsInput", () => Export(_dumpPath, _folder.File("link")));
        InputIsUntouched();
    }

    [Fact]
    public void NorAreTheFilesAMachineDescriptionNames()
    {
        var machine = new SmallMachine("ia32e");
        _folder.Write("low.bin", machine.Memory[..0x6000]);
        _folder.Write("high.bin", machine.Memory[0x6000..]);
        string yaml = _folder.Write("machine.yaml", machine.Yaml("low.bin", "high.bin"));
        foreach (string name in new[] { "low.bin", "high.bin", "machine.yaml" })
        {
            byte[] before = File.ReadAllBytes(_folder.File(name));
            using MemoryDump dump = MemoryDump.Open(yaml);
            Throws.Error("OutputIsInput", () => Cores.Export(dump, dump.Space(), _folder.File(name)));
            Assert.Equal(before, File.ReadAllBytes(_folder.File(name)));
        }

        // The same description beside a dump.
        string raw = _folder.Write("raw.bin", machine.Memory);
        using MemoryDump beside = MemoryDump.Open(raw, new DumpOptions { MachinePath = yaml });
        Throws.Error("OutputIsInput", () => Cores.Export(beside, beside.Space(), yaml));
        Throws.Error("OutputIsInput", () => Cores.Export(beside, beside.Space(), raw));
    }

    [Fact]
    public void NorIsThePackedDump()
    {
        string packed = _folder.Write("dump.gz", SmallMachine.Pack(_memory));
        Throws.Error("OutputIsInput", () => Export(packed, packed));
    }

    [Fact]
    public void AFileIsReplacedUnlessThatIsRefused()
    {
        string output = _folder.Write("core", "old");
        Throws.Error("OutputExists", () => Export(output, change: o => o with { NoClobber = true }));
        Assert.Equal("old", File.ReadAllText(output));
        Export(output);
        Assert.NotEqual("old", File.ReadAllText(output)[..3]);
        OnlyTheseAreThere("core", "dump.bin");
    }

    [Fact]
    public void AReadOnlyFileIsReplacedOnlyByForce()
    {
        string output = _folder.Write("core", "old");
        File.SetAttributes(output, FileAttributes.ReadOnly);
        Throws.Error("OutputReadOnly", () => Export(output));
        Assert.Equal("old", File.ReadAllText(output));
        Export(output, change: o => o with { Force = true });
        Assert.Equal(0x7f, File.ReadAllBytes(output)[0]);
        Throws.Error("OutputExists", () => Export(output, change: o => o with { Force = true, NoClobber = true }));
    }

    [Fact]
    public void ALinkStandsForItsTarget()
    {
        _folder.Write("target", "old");
        File.CreateSymbolicLink(_folder.File("link"), _folder.File("target"));
        ExportSummary summary = Export(_folder.File("link"));
        Assert.Equal(_folder.File("target"), summary.Path);
        Assert.Equal(0x7f, File.ReadAllBytes(_folder.File("target"))[0]);
        Assert.NotNull(new FileInfo(_folder.File("link")).LinkTarget);
    }

    [Fact]
    public void AFolderIsNoOutput() => Throws.Error("OutputInvalid", () => Export(_folder.Path));

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/dev/full")]
    [InlineData("/proc/self/status")]
    public void ADeviceIsNoOutput(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            Throws.Error("OutputInvalid", () => Export(path));
            Assert.True(File.Exists(path));
        }
    }

    [Fact]
    public void AMissingFolderIsSaid()
    {
        ElfMmuException e = Throws.Error("WriteFailed", () => Export(_folder.File("no/such/core")));
        Assert.Contains("no folder", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CancellingLeavesWhatWasThere()
    {
        // More than one piece of the copy, so that it ends in the midst of the data.
        byte[] big = new byte[40 << 20];
        Array.Fill(big, (byte)0xa5);
        string dump = _folder.Write("big.bin", big);
        string output = _folder.Write("core", "old");
        using var source = new CancellationTokenSource();
        ulong reached = 0;
        Assert.Throws<OperationCanceledException>(() => Export(output, dump, o => o with
        {
            Cancellation = source.Token,
            Progress = (done, _) =>
            {
                reached = done;
                if (done > 0)
                {
                    source.Cancel();
                }
            },
        }));
        Assert.InRange(reached, 1UL, (40UL << 20) - 1);
        Assert.Equal("old", File.ReadAllText(output));
        OnlyTheseAreThere("big.bin", "core", "dump.bin");
    }

    [Fact]
    public void CancellingAtTheVeryEndStillCancels()
    {
        string output = _folder.Write("core", "old");
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Export(output, change: o => o with
        {
            Cancellation = source.Token,
            Progress = (done, all) =>
            {
                if (done == all)
                {
                    source.Cancel();
                }
            },
        }));
        Assert.Equal("old", File.ReadAllText(output));
        OnlyTheseAreThere("core", "dump.bin");
    }

    [Fact]
    public void NothingToExportWritesNothing()
    {
        using MemoryDump dump = MemoryDump.Open(_dumpPath);
        var segments = new CoreSegments(new MappingFilter(Privilege.Any));
        Throws.Error("NothingToExport", () => ElfCoreExporter.Export(
            dump, dump.Space(0, "ia32e").Identity, segments, new ExportOptions { Path = _folder.File("core") }));
        OnlyTheseAreThere("dump.bin");
    }

    [Fact]
    public void MappingsOfAnotherDumpAreNoticed()
    {
        string output = _folder.Write("core", "old");
        Throws.Error("MappingOutsideRam", () => Export(output, physical: (ulong)_memory.Length - 0x1000));
        Assert.Equal("old", File.ReadAllText(output));
        OnlyTheseAreThere("core", "dump.bin");
    }

    [Fact]
    public void ContradictingMappingsAreAConflict()
    {
        using MemoryDump dump = MemoryDump.Open(_dumpPath);
        var segments = new CoreSegments(new MappingFilter(Privilege.Any));
        segments.Add(Page(0x1000, 0x1000, 0x2000));
        segments.Add(Page(0x2000, 0x2000, 0x1000));
        Assert.Equal(1, ElfCoreExporter.Export(
            dump, dump.Space(0, "ia32e").Identity, segments, new ExportOptions { Path = _folder.File("core") }).Segments);
        segments.Add(Page(0x2000, 0x3000, 0x1000));
        Throws.Error("MappingConflict", () => ElfCoreExporter.Export(
            dump, dump.Space(0, "ia32e").Identity, segments, new ExportOptions { Path = _folder.File("core") }));
    }

    [ToolFact("tmpfs")]
    public void AFullDiskIsSaidAndCleanedUp()
    {
        string disk = Directory.CreateDirectory(_folder.File("disk")).FullName;
        Assert.True(Tools.MountSmallDisk(disk));
        try
        {
            string output = Path.Combine(disk, "core");
            File.WriteAllText(output, "old");
            byte[] big = new byte[8 << 20];
            Array.Fill(big, (byte)0xa5);
            string dump = _folder.Write("big.bin", big);
            Throws.Error("WriteFailed", () => Export(output, dump));
            Assert.Equal("old", File.ReadAllText(output));
            Assert.Equal([output], Directory.GetFiles(disk));
        }
        finally
        {
            Tools.Run("umount", disk);
        }
    }

    private static Mapping Page(ulong address, ulong physical, ulong size)
    {
        var attributes = new MappingAttributes(Rights.Read, Rights.Read, 1, 12, 0, false, false, false);
        return new Mapping(address, size, physical, attributes, RegionKind.Ram);
    }

    /// <summary>Exports the whole of a raw dump at its own addresses, or two pages from a physical address on.</summary>
    private ExportSummary Export(
        string output, string? input = null, Func<ExportOptions, ExportOptions>? change = null, ulong? physical = null)
    {
        using MemoryDump dump = MemoryDump.Open(input ?? _dumpPath);
        var segments = new CoreSegments(new MappingFilter(Privilege.Any));
        segments.Add(Page(0x40_0000, physical ?? 0, physical == null ? dump.Memory.Size : 0x2000));
        var options = new ExportOptions { Path = output };
        return ElfCoreExporter.Export(
            dump, dump.Space(0, "ia32e").Identity, segments, change == null ? options : change(options));
    }

    private void InputIsUntouched() => Assert.Equal(_memory, File.ReadAllBytes(_dumpPath));

    private void OnlyTheseAreThere(params string[] names) => Assert.Equal(
        names, Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
}
