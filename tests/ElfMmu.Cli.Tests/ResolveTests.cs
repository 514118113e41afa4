using System.Text.Json;
using ElfMmu.Tests.Support;

namespace ElfMmu.Cli.Tests;

public sealed class ResolveTests : IDisposable
{
    private const string Heading =
        "VirtualAddress,Status,PhysicalAddress,FileOffset,File,PageSize,Level,SupervisorRights,UserRights,Kind,Root\n";

    private readonly SyntheticDump _dump = SyntheticDump.Typical();

    public void Dispose() => _dump.Dispose();

    [Fact]
    public void Csv_is_exactly_this() => Assert.Equal(
        $"""
        {Heading}0x601234,Mapped,0x92234,0x92234,{_dump.Path},0x1000,1,rw-,rw-,Ram,0x1000
        0x700010,Mapped,0xfec00010,,,0x1000,1,rw-,rw-,Absent,0x1000
        0x10,NotPresent,,,,,,,,,0x1000
        0x8000000000000000,NotTranslated,,,,,,,,,0x1000

        """.ReplaceLineEndings("\n"),
        Run("0x601234", "0x70_0010", "16", "0x8000000000000000", "--format", "csv").Output);

    [Fact]
    public void Table_is_exactly_this() => Assert.Equal(
        $"""
        {_dump.Path}: Mode ia32e as given; root 0x1000 as given.
            VirtualAddress  Status      PhysicalAddress  FileOffset  PageSize  Supervisor  User  Kind
                  0x601234  Mapped              0x92234     0x92234     4 KiB  rw-         rw-   Ram
                  0x700010  Mapped           0xfec00010                 4 KiB  rw-         rw-   Absent
        0xffff800000002000  NotPresent

        """.ReplaceLineEndings("\n"),
        Run("0x601234", "0x700010", "0xffff8000_00002000").Output);

    [Fact]
    public void Json_has_null_for_what_is_not_there()
    {
        JsonElement[] rows = Json(Run("0x400fff", "0", "--format", "json"));
        Assert.Equal("0x400fff", rows[0].GetProperty("virtualAddress").GetString());
        Assert.Equal("0x80fff", rows[0].GetProperty("physicalAddress").GetString());
        Assert.Equal(4096, rows[0].GetProperty("pageSize").GetInt32());
        Assert.Equal(JsonValueKind.Null, rows[1].GetProperty("physicalAddress").ValueKind);
        Assert.Equal("NotPresent", rows[1].GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("0x80004", "0x400004 0xffff800000000004")]
    [InlineData("0x90000 0x92fff", "0x600000 0x601fff")]
    [InlineData("0xfec00800", "0x700800")]
    public void Physical_addresses_lead_back(string addresses, string expected)
    {
        CliRun run = Run([.. addresses.Split(' '), "--physical", "--format", "csv"]);
        Assert.Equal(expected, string.Join(' ', Cells(run, 0)));
    }

    [Fact]
    public void Offsets_lead_back_by_the_physical_addresses_they_are_of()
    {
        string[] moved = ["resolve", _dump.Path, "0x80004", "--ram-base", "0x10_0000", "--file-offset", "--format", "csv", "-q"];

        // The tables themselves name the old addresses, so that what they map is 1 MiB further down in the image.
        using var dump = new SyntheticDump(4 << 20);
        dump.Map(0x40_0000, 0x20_0000, SyntheticDump.User);
        dump.Save();
        Assert.Equal(["0x400123"], Cells(CliRun.OfRaw("resolve", dump.Path, "0x200123", "--file-offset", "--format", "csv").Done(), 0));
        Assert.Equal(["0x400123"], Cells(
            CliRun.OfRaw("resolve", dump.Path, "0x200123", "--file-offset", "--file", "memory.raw", "--format", "csv").Done(), 0));
        CliRun.OfRaw("resolve", dump.Path, "1", "--file-offset", "--file", "other.raw").Failed("FileNotOfDump");
        Assert.Equal(Heading, CliRun.Of([.. moved, "--root", "0x101000", "--mode", "ia32e"]).FoundNothing().Output);
    }

    [Fact]
    public void A_trace_shows_every_step_and_where_it_ends()
    {
        Assert.Equal(
            """
            0x601234 -> 0x92234 (root 0x1000)
            Entry  Index  EntryAddress               Value  Kind    Target  Supervisor  User  Flags
            PML4E      0        0x1000              0x2007  Table   0x2000  rwx         rwx   P RW US
            PDPTE      0        0x2000              0x3007  Table   0x3000  rwx         rwx   P RW US
            PDE        3        0x3018              0x5007  Table   0x5000  rwx         rwx   P RW US
            PTE        1        0x5008  0x8000000000092007  Leaf   0x92000  rw-         rw-   P RW US NX

            0x8000000000000000: NotTranslated (root 0x1000)
            Entry  Index  EntryAddress  Value  Kind           Target  Supervisor  User  Flags
                                               NotTranslated

            """.ReplaceLineEndings("\n"),
            Run("0x601234", "0x8000000000000000", "--trace").Output);
        string[] kinds = [.. Cells(Run("0", "0x601234", "--trace", "--format", "csv"), 8)];
        Assert.Equal(["Table", "Table", "Invalid", "Table", "Table", "Table", "Leaf"], kinds);
        Assert.Equal(
            $"""
            Address,Stage,LevelName,Level,Table,Index,EntryAddress,Value,Kind,Target,VirtualAddress,Size,PageSize,SupervisorRights,UserRights,Flags,Cacheability,FileOffset,File,Root
            0x601234,1,PTE,1,0x5000,1,0x5008,0x8000000000092007,Leaf,0x92000,0x601000,0x1000,0x1000,rw-,rw-,P RW US NX,WB,0x5008,{_dump.Path},0x1000

            """.ReplaceLineEndings("\n"),
            Run("0x601234", "--trace", "--format", "csv").Output.Split('\n') is [var heading, .., var last, ""] ? $"{heading}\n{last}\n" : "");
    }

    [Fact]
    public void All_roots_are_looked_in()
    {
        // Two guests' worth of tables that a search takes for roots are hard to make up: the sample of the project has them.
        string sample = Path.Combine(TestData.Folder, "..", "..", "samples", "linux-x64-tiny.elf.gz");
        CliRun run = CliRun.Of("resolve", sample, "0x1f60000", "--physical", "--all-roots", "--format", "csv", "--quiet").Done();
        string[] roots = [.. Cells(run, 10).Distinct()];
        Assert.Superset(new HashSet<string> { "0x904000", "0x942000", "0x958000", "0x96e000" }, roots.ToHashSet());
        foreach (string root in roots)
        {
            CliRun one = CliRun.Of(
                "resolve", sample, "0x1f60000", "--physical", "--root", root, "--mode", "ia32e", "--format", "csv", "--quiet").Done();
            Assert.Equal(one.Output.Split('\n')[1..^1], run.Output.Split('\n').Where(l => l.EndsWith("," + root, StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData("0x1000 --physical", "no virtual address leads to physical address 0x1000.")]
    [InlineData(
        "0xfffffff000000 --physical", "no virtual address leads to physical address 0xfffffff000000, of which the dump has no bytes.")]
    [InlineData("0x1000 --file-offset", "no virtual address leads to the byte at offset 0x1000, physical address 0x1000.")]
    [InlineData("0x100000 --file-offset", "offset 0x100000 is beyond the end of '{0}', which has 0x100000 bytes.")]
    public void What_nothing_leads_to_is_said(string line, string warning)
    {
        string message = warning.Replace("{0}", _dump.Path, StringComparison.Ordinal);
        string[] args = [_dump.Path, .. line.Split(' ')];
        Assert.Equal("", CliRun.OfRaw("resolve", args).FoundNothing(message).Output);
        Assert.Equal("[]\n", CliRun.OfRaw("resolve", [.. args, "--format", "json", "-q"]).FoundNothing().Output);

        // Something else was found: a warning is all.
        CliRun run = CliRun.OfRaw("resolve", [.. args, "0x80000"]);
        Assert.Equal((0, $"elfmmu: warning: {message}\n"), (run.Code, run.Error));
    }

    [Fact]
    public void An_offset_of_a_header_is_no_memory()
    {
        string sample = Path.Combine(TestData.Folder, "..", "..", "samples", "linux-x64-tiny.elf.gz");
        CliRun run = CliRun.Of("resolve", sample, "0x10", "--file-offset", "--root", "0x8f2000");
        Assert.Equal(3, run.Code);
        Assert.Contains("what is at offset 0x10 of", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("is no memory.\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dump_that_fails_is_more_than_nothing()
    {
        Assert.Contains("Listed 0 addresses.", CliRun.OfRaw("resolve", _dump.Path, "0x1000", "--physical", "-v").Error, StringComparison.Ordinal);
        CliRun.Of("resolve", _dump.File("missing.raw"), "1").Failed("FileNotFound");
        CliRun.Of("resolve", _dump.File("missing.raw"), "1", "--physical").Failed("FileNotFound");
        CliRun.OfRaw("resolve", _dump.Path, "1", "--file-offset", "--file", "x").Failed("FileNotOfDump");
    }

    private static JsonElement[] Json(CliRun run) => [.. JsonDocument.Parse(run.Output).RootElement.EnumerateArray()];

    private static IEnumerable<string> Cells(CliRun run, int column) =>
        run.Output.TrimEnd('\n').Split('\n').Skip(1).Select(l => l.Split(',')[column]);

    private CliRun Run(params string[] args) => CliRun.OfRaw("resolve", [_dump.Path, .. args]).Done();
}
