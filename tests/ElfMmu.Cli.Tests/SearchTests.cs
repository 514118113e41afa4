using System.Text;
using System.Text.Json;

namespace ElfMmu.Cli.Tests;

/// <summary><c>elfmmu search</c>.</summary>
public sealed class SearchTests : IDisposable
{
    private const string Heading = "VirtualAddress,PhysicalAddress,Length,Pattern,SupervisorRights,UserRights,PageSize,File,FileOffset,Bytes,"
        + "ContextBefore,ContextAfter,Root";

    private readonly SyntheticDump _dump = new();

    public SearchTests()
    {
        // Two pages that continue each other only virtually; the first one is the kernel's too.
        _dump.Map(0x40_0000, 0x8_0000, SyntheticDump.ReadOnly);
        _dump.Map(0x40_1000, 0x9_0000, SyntheticDump.User | SyntheticDump.NoExecute);
        _dump.Map(0xffff_8000_0000_0000, 0x8_0000, SyntheticDump.Supervisor);
        Put(0x8_0ff8, "..border");
        Put(0x9_0000, "line!...");
        _dump.Write(0x8_0100, 0x40_1004);
        _dump.Save();
    }

    public void Dispose() => _dump.Dispose();

    [Fact]
    public void Csv_has_every_address_of_a_hit()
    {
        string[] lines = Lines(CliRun.OfRaw("search", _dump.Path, "--text", "border", "--context", "2", "--format", "csv").Done());
        Assert.Equal(
        [
            Heading,
            $"0x400ffa,0x80ffa,6,border,r-x,r-x,0x1000,{_dump.Path},0x80ffa,626f72646572,2e2e,6c69,0x1000",
            $"0xffff800000000ffa,0x80ffa,6,border,rwx,---,0x1000,{_dump.Path},0x80ffa,626f72646572,2e2e,....,0x1000",
        ],
        lines);
    }

    [Fact]
    public void Table_shows_it_as_people_read_it()
    {
        string[] lines = Lines(CliRun.OfRaw("search", _dump.Path, "--text", "borderline").Done());
        Assert.Equal($"{_dump.Path}: root 0x1000 (ia32e)", lines[0]);
        Assert.Equal(["VirtualAddress", "PhysicalAddress", "Super", "User", "Bytes"], Words(lines[1]));
        Assert.Equal(lines[1].IndexOf("Bytes", StringComparison.Ordinal), lines[2].IndexOf("00 00 2e 2e [62 6f", StringComparison.Ordinal));
        Assert.StartsWith("0x0000000000400ffa  0x0000000000080ffa  r-x    r-x", lines[2], StringComparison.Ordinal);
        Assert.Contains("..borderline!...", lines[2], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
    }

    [Fact]
    public void Json_has_everything()
    {
        JsonElement hit = JsonDocument.Parse(CliRun.OfRaw(
            "search", _dump.Path, "--pointer-to", "0x401000-0x402000", "--privilege", "user", "--format", "json").Done().Output)
            .RootElement.EnumerateArray().Single();
        Assert.Equal("0x400100", hit.GetProperty("virtualAddress").GetString());
        Assert.Equal("0x80100", hit.GetProperty("physicalAddress").GetString());
        Assert.Equal(8, hit.GetProperty("length").GetInt32());
        Assert.Equal("0410400000000000", hit.GetProperty("bytes").GetString());
        Assert.Equal("0x1000", hit.GetProperty("root").GetString());
        Assert.False(hit.TryGetProperty("dump", out _));
    }

    [Theory]
    [InlineData("--bytes", "62 ?? 72")]
    [InlineData("--text", "BORDER", "--ignore-case")]
    [InlineData("--regex", "b[a-z]rder")]
    [InlineData("--value", "0x64726f62", "--type", "u32", "--alignment", "1")]
    [InlineData("--text", "border", "--encoding", "ascii")]
    public void Every_kind_of_pattern_is_found(params string[] pattern)
    {
        string[] lines = Lines(CliRun.OfRaw("search", [_dump.Path, .. pattern, "--format", "csv", "--maximum-count", "1"]).Done());
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("0x400ffa,0x80ffa,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Physical_memory_has_no_virtual_addresses()
    {
        CliRun run = CliRun.Of("search", _dump.Path, "--physical", "--ram-base", "0x10000", "--text", "border", "--text", "line", "--format", "csv");
        string[] lines = Lines(run.Done());
        Assert.StartsWith(",0x90ffa,6,border,,,,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith(",0xa0000,4,line,,,,", lines[2], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
        run = CliRun.Of("search", _dump.Path, "--physical", "--ram-base", "0", "--text", "line", "--text", "border");
        Assert.Contains("Pattern", Lines(run.Done())[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0x401004", true)]
    [InlineData("0x401003", false)]
    [InlineData("0x401005", false)]
    [InlineData("0x401000+4", false)]
    [InlineData("0x401000+5", true)]
    [InlineData("0x401000-0x401004", false)]
    [InlineData("0x401000-0x401005", true)]
    public void Pointers_are_to_a_range_or_to_one_address(string range, bool isFound)
    {
        CliRun run = CliRun.OfRaw("search", _dump.Path, "--pointer-to", range, "--privilege", "user", "--format", "csv", "-q");
        Assert.Equal(isFound ? 0 : 3, run.Code);
        Assert.Equal(isFound ? ["0x400100"] : [], Lines(run)[1..].Select(l => l.Split(',')[0]));
    }

    [Theory]
    [InlineData("table", "")]
    [InlineData("json", "[]\n")]
    [InlineData("csv", Heading + "\n")]
    public void That_nothing_is_found_has_a_code_of_its_own(string format, string output)
    {
        Assert.Equal(output, CliRun.OfRaw("search", _dump.Path, "--text", "nothing like it", "--format", format).FoundNothing("nothing was found.").Output);
        CliRun.OfRaw("search", _dump.Path, "--text", "nothing like it", "--quiet").FoundNothing();
        CliRun.OfRaw("search", _dump.Path, "--text", "border", "--maximum-count", "0").Done();
        Assert.Equal(1, CliRun.OfRaw("search", _dump.Path, _dump.File("absent"), "--text", "nothing like it").Code);
        CliRun.OfRaw("search", _dump.File("absent"), "--text", "a").Failed("FileNotFound");
    }

    [Theory]
    [InlineData("nothing to search for")]
    [InlineData("isn't bytes", "--bytes", "4x")]
    [InlineData("--type", "--value", "1")]
    [InlineData("values of u8", "--value", "256", "--type", "u8")]
    [InlineData("--type needs --value", "--text", "a", "--type", "u8")]
    [InlineData("range of addresses", "--pointer-to", "here")]
    [InlineData("range of addresses", "--pointer-to", "0x2000-0x1000")]
    [InlineData("alignment", "--text", "a", "--alignment", "3")]
    [InlineData("regular expression", "--regex", "(")]
    [InlineData("--physical and --rights contradict", "--text", "a", "--physical", "--rights", "x")]
    [InlineData("--context is at most", "--text", "a", "--context", "70000")]
    public void What_means_nothing_is_refused(string mentions, params string[] args) =>
        CliRun.Of(["search", _dump.Path, .. args]).Refused(mentions);

    [Fact]
    public void Cancelling_has_a_code_of_its_own() =>
        CliRun.Of(new CancellationToken(canceled: true), "search", _dump.Path, "--physical", "--text", "a").Cancelled();

    private void Put(ulong address, string text) => _dump.Write(address, BitConverter.ToUInt64(Encoding.ASCII.GetBytes(text)));

    private static string[] Lines(CliRun run) => run.Output.TrimEnd('\n').Split('\n');

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
