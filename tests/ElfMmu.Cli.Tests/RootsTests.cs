using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ElfMmu.Cli.Commands;
using ElfMmu.Cli.Output;
using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;

namespace ElfMmu.Cli.Tests;

/// <summary>Roots that are looked for: listed, walked and exported. The dump holds no satp; its guest had 0x8123400000080010.</summary>
public sealed partial class RootsTests : IDisposable
{
    private const string Header = "Root,Mode,RamBase,Score,State,Tables,UserBytes,SupervisorBytes,IsUpperHalf,Root1,Reasons,Doubts";

    private static readonly string Dump = TestData.Path("bare-sv39", "phys.elf.gz");

    private readonly SyntheticDump _files = SyntheticDump.Typical();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Csv_is_what_the_engine_finds()
    {
        string[] lines = Lines(CliRun.Of("roots", Dump, "--format", "csv").Done());
        Assert.Equal(Header, lines[0]);
        Assert.Equal(
            Find(Dump).Where(r => r.Score >= 0.5).Select(r => string.Create(
                CultureInfo.InvariantCulture,
                $"0x{r.Root:x},{r.Mode.Name},0x{r.RamBase:x},{r.Score:0.###},{r.State},{r.Tables},{r.UserBytes},{r.SupervisorBytes},{(r.IsUpperHalf ? "true" : "false")},{(r.Root1 is { } second ? $"0x{second:x}" : "")},{string.Join("; ", r.Reasons)},{string.Join("; ", r.Doubts)}")),
            lines[1..]);
        Assert.StartsWith("0x80010000,sv39,0x80000000,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_everything()
    {
        JsonElement first = JsonDocument.Parse(CliRun.Of("roots", Dump, "--format", "json").Done().Output).RootElement[0];
        PageTableRoot root = Find(Dump)[0];
        Assert.Equal("0x80010000", first.GetProperty("root").GetString());
        Assert.Equal("sv39", first.GetProperty("mode").GetString());
        Assert.Equal("0x80000000", first.GetProperty("ramBase").GetString());
        Assert.Equal(root.Score, first.GetProperty("score").GetDouble(), 3);
        Assert.Equal(root.State.ToString(), first.GetProperty("state").GetString());
        Assert.Equal(root.Tables, first.GetProperty("tables").GetUInt64());
        Assert.Equal(root.UserBytes, first.GetProperty("userBytes").GetUInt64());
        Assert.Equal(root.SupervisorBytes, first.GetProperty("supervisorBytes").GetUInt64());
        Assert.Equal(root.Reasons, first.GetProperty("reasons").EnumerateArray().Select(r => r.GetString()));
        Assert.Equal(root.Doubts, first.GetProperty("doubts").EnumerateArray().Select(r => r.GetString()));
        Assert.False(first.TryGetProperty("dump", out _));
    }

    [Fact]
    public void Table_aligns_under_its_headings()
    {
        string[] lines = Lines(CliRun.Of("roots", Dump).Done());
        Assert.Equal(Dump, lines[0]);
        Assert.Equal(["Root", "Mode", "RamBase", "Score", "State", "Tables", "User", "Supervisor", "Reasons"], Words(lines[1]));
        Assert.StartsWith("0x80010000  sv39", lines[2], StringComparison.Ordinal);
        Assert.StartsWith(Find(Dump)[0].Reasons[0], lines[2][lines[1].IndexOf("Reasons", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public void Doubts_stand_behind_the_reasons()
    {
        var output = new MemoryStream();
        var utf8 = new Utf8Output(output);
        var identity = new DumpIdentity("x", 0, DateTime.UnixEpoch);
        var writer = new RowWriter<PageTableRoot>(OutputFormat.Table, utf8, RootsReport.Columns);
        writer.Write("x.bin", "x.bin", new PageTableRoot
        {
            Dump = identity,
            Mode = PagingModes.Get("la57"),
            Root = 0x12345000,
            RamBase = 0x1000,
            Score = 0.456,
            State = RootState.Stale,
            Tables = 7,
            UserBytes = 1536,
            Reasons = ["one", "two\u001b[31m"],
            Doubts = ["three", "four"],
        });
        writer.End();
        utf8.Flush();
        Assert.Equal(
            """
            x.bin
                  Root  Mode  RamBase  Score  State  Tables     User  Supervisor  Reasons
            0x12345000  la57   0x1000   0.46  Stale       7  1.5 KiB         0 B  one; two?[31m (doubtful: three; four)

            """.ReplaceLineEndings("\n"),
            System.Text.Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void Top_score_and_all_choose()
    {
        string dump = Linux();
        IReadOnlyList<PageTableRoot> all = Find(dump);
        PageTableRoot[] roots = [.. all.Where(r => r.Score >= 0.5)];
        Assert.InRange(roots.Length, 4, all.Count - 1);
        Assert.Equal(1 + 3, Lines(CliRun.Of("roots", dump, "--format", "csv", "--top", "3").Done()).Length);
        Assert.Equal(1 + roots.Length, Lines(CliRun.Of("roots", dump, "--format", "csv").Done()).Length);
        Assert.Equal(1 + all.Count, Lines(CliRun.Of("roots", dump, "--format", "csv", "--all").Done()).Length);
        string line = roots[^1].Score.ToString("0.###", CultureInfo.InvariantCulture);
        Assert.Equal(1 + roots.Length, Lines(CliRun.Of("roots", dump, "--format", "csv", "--minimum-score", line).Done()).Length);
    }

    [Fact]
    public void Modes_limit_the_search()
    {
        string[] lines = Lines(CliRun.Of("roots", Dump, "--format", "csv", "--all", "--mode", "sv39", "--mode", "sv48").Done());
        Assert.Contains("0x80010000,sv39,", lines[1], StringComparison.Ordinal);
        Assert.All(lines[1..], l => Assert.Contains(l.Split(',')[1], (string[])["sv39", "sv48"]));
    }

    [Theory]
    [InlineData("csv", Header + "\n")]
    [InlineData("json", "[]\n")]
    [InlineData("table", "")]
    public void Nothing_found_is_a_failure_in_one_line(string format, string output)
    {
        string zeros = _files.File("zeros.raw");
        File.WriteAllBytes(zeros, new byte[0x10000]);
        CliRun run = CliRun.Of("roots", zeros, "--format", format).Failed("RootNotFound");
        Assert.Equal(output, run.Output.Replace("[\n\n]", "[]", StringComparison.Ordinal));
        Assert.Contains("No root was found in", run.Error, StringComparison.Ordinal);

        // The others are listed all the same.
        run = CliRun.Of("roots", zeros, Dump, "--format", "json").Failed("RootNotFound");
        JsonElement[] roots = [.. JsonDocument.Parse(run.Output).RootElement.EnumerateArray()];
        Assert.All(roots, r => Assert.Equal(Dump, r.GetProperty("dump").GetString()));
        Assert.NotEmpty(roots);
        string[] rows = Lines(CliRun.Of("roots", zeros, Dump, "--format", "csv").Failed("RootNotFound"));
        Assert.Equal("Dump," + Header, rows[0]);
        Assert.All(rows[1..], r => Assert.StartsWith(Dump + ",0x", r, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_left_out_can_be_asked_for()
    {
        double best = Find(Dump)[0].Score;
        Assert.True(best < 1, "nothing can be left out");
        CliRun run = CliRun.Of("roots", Dump, "--minimum-score", "1").Failed("RootNotFound");
        Assert.Contains("the best one, 0x80010000 (sv39), scores 0.", run.Error, StringComparison.Ordinal);
        Assert.Contains("--all lists all", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Map_takes_the_best_one_and_says_so()
    {
        string given = CliRun.Of("map", Dump, "--root", "0x80010000", "--mode", "sv39", "-q", "--format", "csv").Output;
        Assert.True(Lines(given).Length > 20);
        Assert.Equal(given, CliRun.Of("map", Dump, "-q", "--format", "csv").Output);
        Assert.Equal(given, CliRun.Of("map", Dump, "-q", "--format", "csv", "--mode", "sv39").Output);
        CliRun run = CliRun.Of("map", Dump, "--verbose", "--maximum-count", "1");
        Assert.Contains("found root 0x80010000 (sv39) with a score of 0.", run.Error, StringComparison.Ordinal);
        Assert.Contains("Mode sv39 as found; root 0x80010000 as found, with a score of 0.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Map_lists_all_that_are_found()
    {
        string dump = Linux();
        string[] roots = [.. Find(dump).Where(r => r.Score >= 0.5).Select(r => $"0x{r.Root:x}")];
        CliRun run = CliRun.Of("map", dump, "--all-roots", "--verbose", "--format", "csv", "--maximum-count", "1");
        Assert.Equal(0, run.Code);
        Assert.Equal(roots, FoundRoot().Matches(run.Error).Select(m => m.Groups[1].Value));
        string[] listed = [.. Lines(run)[1..].Select(l => l.Split(',')[^1])];
        Assert.All((string[])["0x904000", "0x942000", "0x958000", "0x96e000"], root => Assert.Contains(root, listed));
        Assert.Contains("Name a root to have another one", CliRun.Of("map", dump, "--maximum-count", "1").Error, StringComparison.Ordinal);
        Assert.Equal("", CliRun.Of("map", dump, "--maximum-count", "1", "--quiet").Error);
    }

    [Fact]
    public void Export_takes_the_best_one()
    {
        Assert.Equal(0, CliRun.Of("export", Dump, _files.File("found.core"), "-q").Code);
        Assert.Equal(0, CliRun.Of("export", Dump, _files.File("given.core"), "-q", "--root", "0x80010000", "--mode", "sv39").Code);
        Assert.Equal(File.ReadAllBytes(_files.File("given.core")), File.ReadAllBytes(_files.File("found.core")));
    }

    [Fact]
    public void Cancelling_has_a_code_of_its_own() => CliRun.Of(new CancellationToken(canceled: true), "roots", Dump).Cancelled();

    /// <summary>The memory of the sample's four processes as a raw image, of which nothing is known.</summary>
    private string Linux()
    {
        string path = _files.File("linux.raw");
        using MemoryDump sample = MemoryDump.Open(Path.Combine(TestData.Folder, "..", "..", "samples", "linux-x64-tiny.elf.gz"));
        byte[] memory = new byte[32 << 20];
        Assert.True(sample.Memory.TryRead(0, memory));
        File.WriteAllBytes(path, memory);
        return path;
    }

    [GeneratedRegex("; root (?:only the upper half's, )?(0x[0-9a-f]+),? as found")]
    private static partial Regex FoundRoot();

    private static IReadOnlyList<PageTableRoot> Find(string path)
    {
        using MemoryDump dump = MemoryDump.Open(path);
        return RootFinder.Find(dump).Roots;
    }

    private static string[] Lines(CliRun run) => Lines(run.Output);

    private static string[] Lines(string text) => text.TrimEnd('\n').Split('\n');

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
