using System.Text;
using System.Text.Json;
using ElfMmu.Cli.Commands;
using ElfMmu.Elf;

namespace ElfMmu.Cli.Tests;

public sealed class ExportTests : IDisposable
{
    private readonly SyntheticDump _dump = SyntheticDump.Typical();

    private string Core => _dump.File("out.core");

    public void Dispose() => _dump.Dispose();

    [Fact]
    public void The_core_holds_the_space_and_the_summary_says_so()
    {
        CliRun run = CliRun.OfRaw("export", _dump.Path, Core);
        Assert.Equal(0, run.Code);
        Assert.Equal($"{Core}: 5 segments, 20480 bytes of memory (20 KiB), 8 KiB of it written and the rest holes\n", run.Output);
        Assert.Equal("", run.Error);
        Assert.Equal(
            [0x40_0000, 0x60_0000, 0x60_1000, 0xffff_8000_0000_0000, 0xffff_8000_0000_1000],
            Loads().Select(l => l.VirtualAddress));
    }

    [Fact]
    public void Quiet_says_nothing()
    {
        CliRun run = CliRun.OfRaw("export", _dump.Path, Core, "--quiet").Done();
        Assert.Equal("", run.Output);
        Assert.True(File.Exists(Core));
    }

    [Fact]
    public void The_summary_can_be_json()
    {
        CliRun run = CliRun.OfRaw("export", _dump.Path, Core, "--format", "json", "--quiet").Done();
        JsonElement summary = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(Core, summary.GetProperty("path").GetString());
        Assert.Equal(5, summary.GetProperty("segments").GetInt32());
        Assert.Equal(new FileInfo(Core).Length, summary.GetProperty("length").GetInt64());
        Assert.Equal(20480, summary.GetProperty("dataSize").GetInt64());
        Assert.Equal("ELFCLASS64", summary.GetProperty("class").GetString());
        Assert.Empty(summary.GetProperty("warnings").EnumerateArray());
    }

    [Fact]
    public void Devices_are_left_out_with_a_warning()
    {
        string machine = _dump.WriteText("machine.yaml", "memspace:\n  not_ram:\n    - {start: 0xfec00000, end: 0xfec00fff}\n");
        CliRun run = CliRun.OfRaw("export", _dump.Path, Core, "--machine", machine);
        Assert.Equal(0, run.Code);
        Assert.Contains("warning: 1 mappings to devices", run.Error, StringComparison.Ordinal);
        Assert.Equal(5, Loads().Count());
    }

    [Fact]
    public void What_was_chosen_is_in_the_provenance()
    {
        string[] filters =
            ["--privilege", "user", "--rights", "!x", "--minimum-address", "0x600_000", "--maximum-address", "0x600fff"];
        CliRun.OfRaw("export", [_dump.Path, Core, "-q", .. filters]).Done();
        ElfProgramHeader load = Assert.Single(Loads());
        Assert.Equal(0x60_0000u, load.VirtualAddress);
        Assert.Equal(ElfSegmentFlags.Read | ElfSegmentFlags.Write, load.Flags);
        JsonElement noted = Provenance().GetProperty("filters");
        Assert.Equal("User", noted.GetProperty("privilege").GetString());
        Assert.Equal("!x", noted.GetProperty("rights").GetString());
        Assert.Equal("0x600000", noted.GetProperty("minimumAddress").GetString());
        Assert.Equal("0x600fff", noted.GetProperty("maximumAddress").GetString());
    }

    [Fact]
    public void The_provenance_does_not_speak_of_what_was_not_chosen()
    {
        CliRun.OfRaw("export", _dump.Path, Core, "-q").Done();
        Assert.Equal(["privilege"], Provenance().GetProperty("filters").EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public void Segments_can_be_listed_by_size()
    {
        CliRun.OfRaw("export", _dump.Path, Core, "-q", "--segment-order", "size").Done();
        Assert.Equal(0x2000u, Loads()[0].FileSize);
        Assert.Equal(5, Loads().Length);
    }

    [Fact]
    public void A_read_only_core_is_replaced_by_force_only()
    {
        File.WriteAllText(Core, "old");
        File.SetAttributes(Core, FileAttributes.ReadOnly);
        CliRun.OfRaw("export", _dump.Path, Core, "-q").Failed("OutputReadOnly");
        Assert.Equal("old", File.ReadAllText(Core));
        CliRun.OfRaw("export", _dump.Path, Core, "-q", "--force").Done();
        Assert.Equal(5, Loads().Length);
    }

    [Fact]
    public void Cancelling_leaves_what_was_there()
    {
        File.WriteAllText(Core, "old");
        var cancelled = new CancellationToken(canceled: true);
        CliRun run = CliRun.Of(cancelled, "export", _dump.Path, Core, "--root", "0x1000", "--mode", "ia32e");
        Assert.Equal(130, run.Code);
        Assert.Equal($"elfmmu: cancelled; {Core} is as it was\n", run.Error);
        Assert.Equal("old", File.ReadAllText(Core));
    }

    [Theory]
    [InlineData(0, 0, "  0%  0 B of 10 GiB")]
    [InlineData(1UL << 30, 0.5, " 10%  1 GiB of 10 GiB")]
    [InlineData(1UL << 30, 20, " 10%  1 GiB of 10 GiB, 3:00 left")]
    [InlineData(10UL << 30, 20, "100%  10 GiB of 10 GiB, 0:00 left")]
    public void Progress_says_percent_bytes_and_time_left(ulong done, double seconds, string expected) =>
        Assert.Equal(expected, ProgressLine.Format(done, 10UL << 30, TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Progress_is_wiped_from_the_terminal_and_shown_nowhere_else()
    {
        using var error = new StringWriter();
        string[] args = ["export", _dump.Path, Core, "--root", "0x1000", "--mode", "ia32e", "--privilege", "supervisor"];
        Assert.Equal(0, CommandLine.Run(args, new MemoryStream(), error, errorIsTerminal: true));
        Assert.Matches("^\r  0%  0 B of 20 KiB\r +\r", error.ToString());
        Assert.DoesNotContain("%", CliRun.Of(args).Error, StringComparison.Ordinal);
    }

    private ElfProgramHeader[] Loads()
    {
        using var input = new ElfFileInput(Core);
        return [.. ElfReader.Open(input).ReadProgramHeaders().Where(h => h.Type == ElfSegmentType.Load)];
    }

    private JsonElement Provenance()
    {
        using var input = new ElfFileInput(Core);
        ElfReader elf = ElfReader.Open(input);
        ElfNote note = elf.EnumerateNotes(elf.ReadProgramHeaders()[0]).Single(n => n.Name == "ElfMmu");
        return JsonDocument.Parse(Encoding.UTF8.GetString(note.Description.Span)).RootElement;
    }
}
