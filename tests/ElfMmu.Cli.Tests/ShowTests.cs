using System.Xml.Linq;

namespace ElfMmu.Cli.Tests;

public sealed class ShowTests : IDisposable
{
    private readonly SyntheticDump _dump = SyntheticDump.Typical();

    private string Page => _dump.File("page.html");

    public void Dispose() => _dump.Dispose();

    [Fact]
    public void The_page_shows_the_space_and_the_summary_says_so()
    {
        CliRun run = CliRun.OfRaw("show", _dump.Path, "-o", Page).Done();
        Assert.Matches($"^{Page}: 5 mappings of 1 address space, 5 strokes in 3 stretches, [0-9.]+ KiB\n$", run.Output);
        Assert.Equal(
            ["0x400000 – 0x401fff, 8 KiB", "0x600000 – 0x600fff, 4 KiB"],
            Strokes(Page).Select(s => s.Split('\n')[0]).Take(2));
        Assert.Contains("Address space of memory.raw", File.ReadAllText(Page), StringComparison.Ordinal);
    }

    [Fact]
    public void Roots_and_dumps_stand_side_by_side()
    {
        using SyntheticDump other = new SyntheticDump().Save();
        CliRun run = CliRun.Of(
            "show", _dump.Path, other.Path, "--root", "0x1000", "--root", "0x2000", "--root", "0x1000", "--mode", "ia32e",
            "--output", Page, "--title", "Before & after", "--minimum-address", "0x600000");
        Assert.Equal(0, run.Code);
        Assert.Contains("of 4 address spaces", run.Output, StringComparison.Ordinal);
        XDocument page = XDocument.Load(Page);
        Assert.Equal("Before & after", page.Descendants().First(e => e.Name.LocalName == "h1").Value);
        Assert.Equal(
            ["root 0x1000", "root 0x2000", "root 0x1000", "root 0x2000"],
            page.Descendants().Where(e => (string?)e.Attribute("class") == "a").Select(e => e.Value));
        Assert.DoesNotContain("0x400000 ", File.ReadAllText(Page), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("picture.svg", "", "<?xml")]
    [InlineData("picture.svg", "html", "<!DOCTYPE")]
    [InlineData("picture", "svg", "<?xml")]
    public void The_name_or_the_option_says_the_format(string name, string format, string begin)
    {
        string path = _dump.File(name);
        CliRun.OfRaw("show", [_dump.Path, "-q", "-o", path, .. format.Length > 0 ? new[] { "--format", format } : []]).Done();
        Assert.StartsWith(begin, File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_says_no_format_fails_before_anything_is_read() =>
        CliRun.OfRaw("show", _dump.File("nosuch.raw"), "-o", _dump.File("page.png")).Failed("PictureFormatUnknown");

    [Fact]
    public void The_filters_choose()
    {
        CliRun.OfRaw("show", _dump.Path, "-o", Page, "-q", "--rights", "w", "--privilege", "user").Done();
        Assert.Equal(["0x600000", "0x601000"], Strokes(Page).Select(s => s.Split(' ')[0]));
    }

    [Fact]
    public void Nothing_is_written_when_a_dump_fails()
    {
        CliRun run = CliRun.OfRaw("show", _dump.Path, _dump.File("nosuch.raw"), "-o", Page);
        Assert.Equal(1, run.Code);
        Assert.Contains("[FileNotFound]", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("page.html isn't written, for something of it would be missing\n", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Page));
    }

    [Fact]
    public void Nothing_to_draw_fails() =>
        CliRun.OfRaw("show", _dump.Path, "-o", Page, "--minimum-address", "0x1000", "--maximum-address", "0x2000").Failed("NothingToDraw");

    [Fact]
    public void Files_are_replaced_as_cores_are()
    {
        File.WriteAllText(Page, "old");
        CliRun.OfRaw("show", _dump.Path, "-o", Page, "--no-clobber").Failed("OutputExists");
        File.SetAttributes(Page, FileAttributes.ReadOnly);
        CliRun.OfRaw("show", _dump.Path, "-o", Page).Failed("OutputReadOnly");
        Assert.Equal("old", File.ReadAllText(Page));
        CliRun.OfRaw("show", _dump.Path, "-o", Page, "-q", "--force").Done();
        Assert.NotEmpty(Strokes(Page));
        CliRun.OfRaw("show", _dump.Path, "-o", _dump.Path, "--format", "html", "--force").Failed("OutputIsInput");
    }

    [Fact]
    public void Cancelling_leaves_what_was_there()
    {
        File.WriteAllText(Page, "old");
        CliRun run = CliRun.Of(new CancellationToken(canceled: true), "show", _dump.Path, "-o", Page, "--root", "0x1000", "--mode", "ia32e");
        Assert.Equal(130, run.Code);
        Assert.Equal($"elfmmu: cancelled; {Page} is as it was\n", run.Error);
        Assert.Equal("old", File.ReadAllText(Page));
    }

    private static IEnumerable<string> Strokes(string page) => XDocument.Load(page).Descendants()
        .Where(e => e.Name.LocalName == "title" && e.Value.Contains("\nuser ", StringComparison.Ordinal)).Select(e => e.Value);
}
