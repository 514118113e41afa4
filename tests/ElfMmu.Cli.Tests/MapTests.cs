using System.Globalization;
using System.Text.Json;
using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Cli.Tests;

public sealed class MapTests : IDisposable
{
    private readonly SyntheticDump _dump = SyntheticDump.Typical();

    public void Dispose() => _dump.Dispose();

    [Fact]
    public void Csv_is_exactly_this() => Assert.Equal(
        """
        VirtualAddress,Size,PhysicalAddress,PageSize,SupervisorRights,UserRights,Kind,Root
        0x400000,0x2000,0x80000,0x1000,r-x,r-x,Ram,0x1000
        0x600000,0x1000,0x90000,0x1000,rw-,rw-,Ram,0x1000
        0x601000,0x1000,0x92000,0x1000,rw-,rw-,Ram,0x1000
        0xffff800000000000,0x1000,0x80000,0x1000,rwx,---,Ram,0x1000
        0xffff800000001000,0x1000,0xa0000,0x1000,rw-,---,Ram,0x1000

        """.ReplaceLineEndings("\n"),
        CliRun.OfRaw("map", _dump.Path, "--format", "csv").Done().Output);

    [Fact]
    public void Table_is_exactly_this() => Assert.Equal(
        $"""
        {_dump.Path}: Mode ia32e as given; root 0x1000 as given.
        VirtualAddress           Size  PhysicalAddress  PageSize  Supervisor  User  Kind
        0x0000000000400000      8 KiB  0x0000000080000     4 KiB  r-x         r-x   Ram
        0x0000000000600000      4 KiB  0x0000000090000     4 KiB  rw-         rw-   Ram
        0x0000000000601000      4 KiB  0x0000000092000     4 KiB  rw-         rw-   Ram
        0x0000000000700000      4 KiB  0x00000fec00000     4 KiB  rw-         rw-   Absent
        0xffff800000000000      4 KiB  0x0000000080000     4 KiB  rwx         ---   Ram
        0xffff800000001000      4 KiB  0x00000000a0000     4 KiB  rw-         ---   Ram

        """.ReplaceLineEndings("\n"),
        CliRun.OfRaw("map", _dump.Path, "--include-absent").Done().Output);

    [Fact]
    public void Json_parses_and_keeps_addresses_as_text()
    {
        JsonElement[] rows = Json(CliRun.OfRaw("map", _dump.Path, "--format", "json").Done());
        Assert.Equal(5, rows.Length);
        Assert.Equal("0xffff800000001000", rows[4].GetProperty("virtualAddress").GetString());
        Assert.Equal(0x1000u, rows[4].GetProperty("size").GetUInt64());
        Assert.Equal("0xa0000", rows[4].GetProperty("physicalAddress").GetString());
        Assert.Equal(4096, rows[4].GetProperty("pageSize").GetInt32());
        Assert.Equal("rw-", rows[4].GetProperty("supervisorRights").GetString());
        Assert.Equal("---", rows[4].GetProperty("userRights").GetString());
        Assert.Equal("Ram", rows[4].GetProperty("kind").GetString());
        Assert.Equal("0x1000", rows[4].GetProperty("root").GetString());
        Assert.False(rows[4].TryGetProperty("dump", out _));
    }

    [Fact]
    public void Json_without_a_mapping_is_an_empty_array() =>
        Assert.Equal("[]\n", CliRun.OfRaw("map", _dump.Path, "--format", "json", "--rights=-w-").Done().Output);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Csv_read_again_equals_the_engines_walk(int seed)
    {
        using var dump = new SyntheticDump(4 << 20);
        var random = new Random(seed);
        for (int i = 0; i < 3000; i++)
        {
            ulong flags = 1 | ((ulong)random.Next(4) << 1) | (random.Next(2) == 0 ? SyntheticDump.NoExecute : 0);
            ulong half = random.Next(2) == 0 ? 0 : 0xffff_8000_0000_0000;
            ulong address = half + ((ulong)random.Next(20) << 21) + ((ulong)random.Next(512) << 12);
            dump.Map(address, (ulong)random.Next(1100) << 12, flags);
        }

        dump.Save();
        string csv = CliRun.OfRaw("map", dump.Path, "--format", "csv", "--include-absent").Done().Output;
        string[] lines = csv.TrimEnd('\n').Split('\n');
        Assert.Equal(Walk(dump.Path), lines.Skip(1).Select(Parse));
    }

    [Theory]
    [InlineData("--privilege user", "0x400000 0x600000 0x601000")]
    [InlineData("--privilege supervisor --rights wx", "0xffff800000000000")]
    [InlineData("--rights r-x", "0x400000")]
    [InlineData("--rights=-w-", "")]
    [InlineData("--rights !x", "0x600000 0x601000 0xffff800000001000")]
    [InlineData("--minimum-address 0x601000 --maximum-address 0xffff8000_00000fff", "0x601000 0xffff800000000000")]
    [InlineData("--minimum-address 6295552", "0x601000 0xffff800000000000 0xffff800000001000")]
    [InlineData("--maximum-count 2", "0x400000 0x600000")]
    [InlineData("--maximum-count 0", "")]
    [InlineData("--per-page --privilege user", "0x400000 0x401000 0x600000 0x601000")]
    [InlineData("--include-absent --minimum-address 0x700000 --maximum-address 0x800000", "0x700000")]
    public void Options_choose_mappings(string options, string addresses)
    {
        CliRun run = CliRun.OfRaw("map", [_dump.Path, "--format", "csv", .. options.Split(' ')]).Done();
        Assert.Equal(addresses, string.Join(' ', run.Output.TrimEnd('\n').Split('\n').Skip(1).Select(l => l.Split(',')[0])));
    }

    [Fact]
    public void Devices_of_the_machine_description_are_named()
    {
        string machine = _dump.WriteText(
            "machine.yaml",
            """
            cpu:
              architecture: intel
              bits: 64
              registers_values:
                cr3: 0x1000
            mmu:
              mode: ia32e
            memspace:
              not_ram:
                - start: 0xfec00000
                  end: 0xfec00fff
            """);
        CliRun run = CliRun.Of("map", _dump.Path, "--machine", machine, "--format", "csv").Done();
        Assert.Contains("0x700000,0x1000,0xfec00000,0x1000,rw-,rw-,Device,0x1000\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ram_base_moves_a_raw_image()
    {
        string[] args = ["map", _dump.Path, "--ram-base", "0x10_0000", "--root", "0x101000", "--mode", "ia32e"];
        CliRun run = CliRun.Of(args);
        Assert.Equal(0, run.Code);
        Assert.Contains("warning: 2 page tables", run.Error, StringComparison.Ordinal);
        Assert.Equal("", CliRun.Of([.. args, "--quiet"]).Error);
    }

    [Fact]
    public void Verbose_says_what_was_chosen_and_counted()
    {
        string error = CliRun.OfRaw("map", _dump.Path, "--verbose").Error;
        Assert.Contains("raw image", error, StringComparison.Ordinal);
        Assert.Contains("Mode ia32e as given; root 0x1000 as given.", error, StringComparison.Ordinal);
        Assert.Contains("Walked 8 tables with 7 leaves", error, StringComparison.Ordinal);
        Assert.Contains("Listed 5 mappings.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dump_that_fails_does_not_stop_the_others()
    {
        string missing = _dump.File("missing.raw");
        CliRun csv = CliRun.OfRaw("map", _dump.Path, missing, _dump.Path, "--format", "csv").Failed("FileNotFound");
        string[] lines = csv.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(1 + 5 + 5, lines.Length);
        Assert.StartsWith("Dump,VirtualAddress,", lines[0], StringComparison.Ordinal);
        Assert.All(lines[1..], l => Assert.StartsWith(_dump.Path + ",0x", l, StringComparison.Ordinal));
        JsonElement[] rows = Json(CliRun.OfRaw("map", missing, _dump.Path, "--format", "json").Failed("FileNotFound"));
        Assert.All(rows, row => Assert.Equal(_dump.Path, row.GetProperty("dump").GetString()));
    }

    [Fact]
    public void Json_is_json_even_if_every_dump_fails() =>
        Assert.Equal("[]\n", CliRun.OfRaw("map", _dump.File("missing.raw"), "--format", "json").Failed("FileNotFound").Output);

    [Fact]
    public void A_closed_output_ends_quietly_and_a_full_one_does_not()
    {
        using var error = new StringWriter();
        string[] args = ["map", _dump.Path, "--root", "0x1000", "--mode", "ia32e"];
        Assert.Equal(0, CommandLine.Run(args, new FailingStream(closed: true), error));
        Assert.Equal("", error.ToString());
        Assert.Equal(1, CommandLine.Run(args, new FailingStream(closed: false), error));
        Assert.Contains("[OutputFailed]", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_has_a_code_of_its_own()
    {
        CliRun run = CliRun.Of(new CancellationToken(canceled: true), "map", _dump.Path, "--root", "0x1000", "--mode", "ia32e");
        run.Cancelled();
    }

    private static JsonElement[] Json(CliRun run) => [.. JsonDocument.Parse(run.Output).RootElement.EnumerateArray()];

    private static (ulong, ulong, ulong, ulong, string, string, string) Parse(string line)
    {
        string[] cells = line.Split(',');
        ulong[] numbers = [.. cells.Take(4).Select(c => ulong.Parse(c[2..], NumberStyles.HexNumber, null))];
        return (numbers[0], numbers[1], numbers[2], numbers[3], cells[4], cells[5], cells[6]);
    }

    private static IEnumerable<(ulong, ulong, ulong, ulong, string, string, string)> Walk(string path)
    {
        using MemoryDump dump = MemoryDump.Open(path);
        AddressSpace space = AddressSpace.Open(dump, new SpaceRequest { Root = 0x1000, Mode = "ia32e" });
        var sink = new ListSink([]);
        space.Walk(space.NewWalk() with { IncludeAbsent = true }, ref sink);
        return [.. sink.Mappings.Select(m => (
            m.VirtualAddress,
            m.Size,
            m.PhysicalAddress,
            m.Attributes.PageSize,
            RightsFormat.Format(m.Attributes.Supervisor),
            RightsFormat.Format(m.Attributes.User),
            Enum.GetName<RegionKind>(m.Kind)!))];
    }

    private readonly struct ListSink(List<Mapping> mappings) : IMappingSink
    {
        public List<Mapping> Mappings => mappings;

        public bool Add(in Mapping mapping)
        {
            mappings.Add(mapping);
            return true;
        }
    }
}
