using System.Text.Json;
using ElfMmu.Tests.Support;

namespace ElfMmu.Cli.Tests;

public sealed class DiffTests : IDisposable
{
    private const string Heading = "VirtualAddress,EndAddress,Size,Change,SideIndicator,BeforePhysicalAddress,AfterPhysicalAddress,"
        + "BeforeSupervisorRights,AfterSupervisorRights,BeforeUserRights,AfterUserRights,BeforePageSize,AfterPageSize,"
        + "BeforeRoot,AfterRoot,BeforeDump,AfterDump\n";

    private readonly SyntheticDump _before = SyntheticDump.Typical();
    private readonly SyntheticDump _after = new();

    public DiffTests()
    {
        _after.Map(0x40_0000, 0x8_0000, SyntheticDump.ReadOnly);
        _after.Map(0x40_1000, 0x8_1000, SyntheticDump.User);
        _after.Map(0x60_0000, 0x9_4000, SyntheticDump.User | SyntheticDump.NoExecute);
        _after.Map(0x60_2000, 0x9_5000, SyntheticDump.User | SyntheticDump.NoExecute);
        _after.Map(0x60_3000, 0x9_6000, SyntheticDump.User | SyntheticDump.NoExecute);
        _after.Map(0xffff_8000_0000_0000, 0x8_0000, SyntheticDump.Supervisor);
        _after.Map(0xffff_8000_0000_1000, 0xa_0000, SyntheticDump.Supervisor | SyntheticDump.NoExecute);
        _after.Save();
    }

    /// <summary>What every row says of the two sides.</summary>
    private string Sides => $"0x1000,0x1000,{_before.Path},{_after.Path}";

    public void Dispose()
    {
        _before.Dispose();
        _after.Dispose();
    }

    [Fact]
    public void Csv_is_exactly_this() => Assert.Equal(
        $"""
        {Heading}0x401000,0x402000,0x1000,RightsChanged,<>,0x81000,0x81000,r-x,rwx,r-x,rwx,0x1000,0x1000,{Sides}
        0x600000,0x601000,0x1000,Moved,<>,0x90000,0x94000,rw-,rw-,rw-,rw-,0x1000,0x1000,{Sides}
        0x601000,0x602000,0x1000,Removed,<=,0x92000,,rw-,,rw-,,0x1000,,{Sides}
        0x602000,0x604000,0x2000,Added,=>,,0x95000,,rw-,,rw-,,0x1000,{Sides}

        """.ReplaceLineEndings("\n"),
        Run("--format", "csv").Output);

    [Fact]
    public void Table_is_exactly_this() => Assert.Equal(
        $"""
        0x1000 (ia32e) in {_before.Path} -> 0x1000 (ia32e) in {_after.Path}
        VirtualAddress   Size  Change          Before    After  Supervisor  User
              0x401000  4 KiB  RightsChanged  0x81000  0x81000  r-x > rwx   r-x > rwx
              0x600000  4 KiB  Moved          0x90000  0x94000  rw-         rw-
              0x601000  4 KiB  Removed        0x92000           rw-         rw-
              0x602000  8 KiB  Added                   0x95000  rw-         rw-

        """.ReplaceLineEndings("\n"),
        Run().Output);

    [Fact]
    public void Json_has_both_sides()
    {
        JsonElement[] rows = [.. JsonDocument.Parse(Run("--format", "json").Output).RootElement.EnumerateArray()];
        Assert.Equal(4, rows.Length);
        Assert.Equal("0x600000", rows[1].GetProperty("virtualAddress").GetString());
        Assert.Equal("Moved", rows[1].GetProperty("change").GetString());
        Assert.Equal(8192, rows[3].GetProperty("size").GetInt32());
        Assert.Equal("=>", rows[3].GetProperty("sideIndicator").GetString());
        Assert.Equal(("0x1000", _after.Path), (rows[0].GetProperty("afterRoot").GetString(), rows[0].GetProperty("afterDump").GetString()));
        Assert.Equal(JsonValueKind.Null, rows[3].GetProperty("beforePhysicalAddress").ValueKind);
    }

    [Theory]
    [InlineData("--rights wx", "0x401000")]
    [InlineData("--privilege supervisor --rights w --minimum-address 0x601000", "0x601000 0x602000")]
    [InlineData("--maximum-address 0x5fffff", "0x401000")]
    [InlineData("--include-absent", "0x401000 0x600000 0x601000 0x602000 0x700000")]
    [InlineData("--include-equal --privilege supervisor --minimum-address 0xffff800000000000", "0xffff800000000000 0xffff800000001000")]
    public void Options_choose_changes(string options, string addresses)
    {
        CliRun run = Run([.. options.Split(' '), "--format", "csv"]);
        Assert.Equal(addresses, string.Join(' ', run.Output.TrimEnd('\n').Split('\n').Skip(1).Select(l => l.Split(',')[0])));
    }

    [Fact]
    public void No_difference_is_no_failure()
    {
        Assert.Equal(Heading, CliRun.OfRaw("diff", _before.Path, _before.Path, "--format", "csv").Done().Output);
        Assert.Equal("", CliRun.OfRaw("diff", _before.Path, "--other-root", SyntheticDump.Root).Done().Output);
        Assert.Contains("Listed 0 changes.", CliRun.OfRaw("diff", _before.Path, _before.Path, "-v").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Roots_of_one_dump_differ_as_those_of_two_do()
    {
        string sample = Path.Combine(TestData.Folder, "..", "..", "samples", "linux-x64-tiny.elf.gz");
        string[] options = ["--root", "0x904000", "--other-root", "0x942000", "--privilege", "user", "--format", "csv"];
        CliRun one = CliRun.Of(["diff", sample, .. options]).Done();
        Assert.Equal(one.Output, CliRun.Of(["diff", sample, sample, .. options]).Done().Output);
        string[] kinds = [.. one.Output.TrimEnd('\n').Split('\n').Skip(1).Select(l => l.Split(',')[3])];
        Assert.Contains("Moved", kinds);
        Assert.Contains("Removed", kinds);
        Assert.True(kinds.Length > 100);
    }

    [Fact]
    public void A_side_that_fails_is_a_failure()
    {
        CliRun.OfRaw("diff", _before.Path, _before.File("missing.raw")).Failed("FileNotFound");
        CliRun.OfRaw("diff", _before.File("missing.raw"), _after.Path).Failed("FileNotFound");
        CliRun.Of("diff", _before.Path, "--root", "0x1000", "--mode", "ia32e", "--other-root", "0x10000000").Failed("RootNotInDump");
    }

    private CliRun Run(params string[] args) => CliRun.OfRaw("diff", [_before.Path, _after.Path, .. args]).Done();
}
