using System.Globalization;
using System.Text.Json;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Images;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;

namespace ElfMmu.Cli.Tests;

/// <summary>Executables listed and exported, and ranges of addresses. The space is that of the sample's first process.</summary>
public sealed class ImagesTests : IDisposable
{
    private const string Root = "0x8f2000";
    private const string Program = "0x400000";
    private const string Vdso = "0x7ffcb3f28000";

    private static readonly string Sample = Path.Combine(TestData.Folder, "..", "..", "samples", "linux-x64-tiny.elf.gz");

    private readonly SyntheticDump _files = SyntheticDump.Typical();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Csv_is_what_the_engine_finds()
    {
        string[] lines = Lines(CliRun.Of("images", Sample, "--root", Root, "--format", "csv").Done());
        Assert.Equal(
            "VirtualAddress,Size,PresentPercent,Kind,Class,ByteOrder,Machine,Type,State,EntryPoint,LoadBias,ImageSize,TotalBytes,"
            + "PresentBytes,Name,BuildId,DebugFile,Doubts,SupervisorRights,UserRights,PhysicalAddress,Root",
            lines[0]);
        Assert.Equal(
            Find().Select(i => string.Create(
                CultureInfo.InvariantCulture,
                $"0x{i.Address:x},0x{i.Size:x},{i.PresentPercent},{i.Kind},{i.Class},{i.ByteOrder},{i.Machine},{i.Type},{i.State},{Hex(i.EntryPoint)},{Hex(i.LoadBias)},0x{i.ImageSize:x},{i.TotalBytes},{i.PresentBytes},{i.Name},{i.BuildId},{i.DebugFile},{string.Join("; ", i.Doubts)},{i.SupervisorRights},{i.UserRights},0x{i.PhysicalAddress:x},{Root}")),
            lines[1..]);
        Assert.StartsWith($"{Program},0xd7000,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith($"{Vdso},0x1000,100,Elf,64,Little,EM_X86_64,DYN,Loaded,", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_the_segments_too()
    {
        JsonElement first = JsonDocument.Parse(
            CliRun.Of("images", Sample, "--root", Root, "--privilege", "user", "--format", "json").Done().Output).RootElement[0];
        MappedImage image = Find()[0];
        Assert.Equal(Program, first.GetProperty("virtualAddress").GetString());
        Assert.Equal(image.BuildId, first.GetProperty("buildId").GetString());
        Assert.Equal(Hex(image.EntryPoint), first.GetProperty("entryPoint").GetString());
        Assert.Equal("0x0", first.GetProperty("loadBias").GetString());
        Assert.Equal(JsonValueKind.Null, first.GetProperty("name").ValueKind);
        Assert.Equal(
            image.Segments.Select(s => Hex(s.FileOffset)),
            first.GetProperty("segments").EnumerateArray().Select(s => s.GetProperty("fileOffset").GetString()));
        Assert.Equal(
            image.Segments.Select(s => (s.Name, s.Size, s.PresentBytes)),
            first.GetProperty("segments").EnumerateArray().Select(s => (
                s.GetProperty("name").GetString()!, s.GetProperty("size").GetUInt64(), s.GetProperty("presentBytes").GetUInt64())));
    }

    [Fact]
    public void Table_has_a_line_for_each_and_headers_alone_only_with_all()
    {
        string[] some = Lines(CliRun.Of("images", Sample, "--root", Root).Done());
        string[] all = Lines(CliRun.Of("images", Sample, "--root", Root, "--all").Done());
        Assert.EndsWith($"linux-x64-tiny.elf.gz, root {Root}", some[0], StringComparison.Ordinal);
        Assert.StartsWith("VirtualAddress", some[1].TrimStart(), StringComparison.Ordinal);
        Assert.Equal(Find().Count, some.Length - 2);
        Assert.DoesNotContain(some, l => l.Contains("HeaderOnly", StringComparison.Ordinal));
        Assert.Contains(all, l => l.Contains("HeaderOnly", StringComparison.Ordinal));
        Assert.Equal(
            "", CliRun.Of("images", Sample, "--root", Root, "--kind", "pe", "--all").FoundNothing("no executable was found.").Output);
    }

    [Fact]
    public void An_image_is_exported_and_nothing_else()
    {
        string core = _files.File("vdso.core");
        CliRun.Of("export", Sample, core, "--root", Root, "--image", Vdso, "--quiet").Done();
        using (var input = new ElfFileInput(core))
        {
            ElfProgramHeader load = Assert.Single(ElfReader.Open(input).ReadProgramHeaders(), h => h.Type == ElfSegmentType.Load);
            Assert.Equal((0x7ffc_b3f2_8000UL, 0x1000UL), (load.VirtualAddress, load.FileSize));
        }

        CliRun both = CliRun.Of("export", Sample, core, "--root", Root, "--image", Vdso, "--image", Program);
        Assert.Equal(0, both.Code);
        Assert.Contains("bytes asked for aren't in the core", both.Error, StringComparison.Ordinal);
        CliRun.Of("export", Sample, core, "--root", Root, "--image", "0x401000").Failed("ImageNotFound");
    }

    [Fact]
    public void Ranges_are_exported_and_nothing_else()
    {
        string core = _files.File("part.core");
        CliRun.OfRaw("export", _files.Path, core, "--range", "0x400800-0x401000", "--range", "0x600000+0x10", "--quiet").Done();
        using (var input = new ElfFileInput(core))
        {
            Assert.Equal(
                [(0x40_0800UL, 0x800UL), (0x60_0000UL, 0x10UL)],
                ElfReader.Open(input).ReadProgramHeaders().Where(h => h.Type == ElfSegmentType.Load).Select(h => (h.VirtualAddress, h.FileSize)));
        }

        CliRun.OfRaw("export", _files.Path, core, "--range", "0x500000+0x1000").Failed("NothingToExport");
        CliRun.OfRaw("export", _files.Path, core, "--range", "0x400000").Refused("--range");
        CliRun.OfRaw("export", _files.Path, core, "--image", "x").Refused("--image");
    }

    private static string Hex(ulong? number) => number is { } known ? string.Create(CultureInfo.InvariantCulture, $"0x{known:x}") : "";

    private static string[] Lines(CliRun run) => run.Output.TrimEnd('\n').Split('\n');

    private static IReadOnlyList<MappedImage> Find()
    {
        using MemoryDump dump = MemoryDump.Open(Sample);
        return ImageFinder.Find(AddressSpace.Open(dump, new SpaceRequest { Root = 0x8f_2000 })).Images;
    }
}
