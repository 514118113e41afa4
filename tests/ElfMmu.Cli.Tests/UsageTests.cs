namespace ElfMmu.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("frobnicate", "frobnicate")]
    [InlineData("--verbose", "--verbose")]
    [InlineData("map", "map")]
    [InlineData("export dump", "export")]
    [InlineData("export dump out more", "more")]
    [InlineData("header", "header")]
    [InlineData("info", "info")]
    [InlineData("map dump --rot 1", "--rot")]
    [InlineData("map --per-pge dump", "--per-pge")]
    [InlineData("map dump --root", "--root")]
    [InlineData("map dump --root 0xg", "0xg")]
    [InlineData("map dump --root -1", "-1")]
    [InlineData("map dump --root 0x10000000000000000", "--root")]
    [InlineData("map dump --root 1 --root 2", "--root")]
    [InlineData("map dump --ram-base 1k", "1k")]
    [InlineData("map dump --mode nonesuch", "ia32e")]
    [InlineData("map dump --nested-mode ia32e", "ept5")]
    [InlineData("map dump --register dacr", "dacr")]
    [InlineData("map dump --register =1", "--register")]
    [InlineData("map dump --register dacr=many", "dacr=many")]
    [InlineData("map dump --byte-order middle", "little")]
    [InlineData("map dump --tcr x", "--tcr")]
    [InlineData("map dump --cpu -1", "--cpu")]
    [InlineData("map dump --cpu 0x1", "--cpu")]
    [InlineData("map dump --privilege root", "supervisor")]
    [InlineData("map dump --rights q", "--rights")]
    [InlineData("map dump --rights r!r", "--rights")]
    [InlineData("map dump --format xml", "csv")]
    [InlineData("map dump --maximum-count many", "many")]
    [InlineData("map dump --minimum-address 2 --maximum-address 1", "--minimum-address")]
    [InlineData("map dump --quiet --verbose", "--quiet")]
    [InlineData("map dump --force", "--force")]
    [InlineData("export dump out --force --no-clobber", "--no-clobber")]
    [InlineData("export dump out --segment-order name", "address")]
    [InlineData("export dump out --per-page", "--per-page")]
    [InlineData("show -o page.html", "show")]
    [InlineData("show dump", "--output")]
    [InlineData("show dump -o", "-o")]
    [InlineData("show dump -o page.html --format png", "svg")]
    [InlineData("show dump -o page.html --root 1 --root 0xg", "0xg")]
    [InlineData("show dump -o page.html --per-page", "--per-page")]
    [InlineData("show dump -o page.html --force --no-clobber", "--no-clobber")]
    [InlineData("show dump -o page.html --minimum-address 2 --maximum-address 1", "--minimum-address")]
    [InlineData("info dump --format csv", "csv")]
    [InlineData("info dump --root 1", "--root")]
    public void What_means_nothing_is_refused(string line, string mentions) => CliRun.Of(line.Split(' ')).Refused(mentions);

    [Theory]
    [InlineData("map", "")]
    [InlineData("export", "dump", "")]
    [InlineData("map", "dump", "--machine", "")]
    public void An_empty_name_is_refused(params string[] args) => CliRun.Of(args).Refused("file's name");

    [Fact]
    public void Nothing_at_all_shows_the_help_as_an_error()
    {
        CliRun run = CliRun.Of();
        Assert.Equal(2, run.Code);
        Assert.Equal("", run.Output);
        Assert.Contains("Commands:", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "export <DUMP> <OUT>")]
    [InlineData("-h", "Commands:")]
    [InlineData("map --help", "--maximum-count <N>")]
    [InlineData("export -?", "--segment-order <ORDER>")]
    [InlineData("show --help", "-o, --output <FILE>")]
    [InlineData("show --help", "--root <ADDR>")]
    [InlineData("header --help", "header *.core")]
    [InlineData("info --help", "--machine <YAML>")]
    [InlineData("map --root zz --help", "Examples:")]
    [InlineData("--version", "elfmmu 0.")]
    public void Help_and_version_are_results(string line, string contains)
    {
        CliRun run = CliRun.Of(line.Split(' ')).Done();
        Assert.Contains(contains, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("map", "@names")]
    [InlineData("map", "[suggest]")]
    [InlineData("map", "--", "--root")]
    [InlineData("map", "-")]
    [InlineData("map", "/h")]
    public void Odd_names_are_names(params string[] args) => CliRun.Of(args).Failed("FileNotFound");
}
