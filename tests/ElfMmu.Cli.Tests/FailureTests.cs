using ElfMmu.Cli.Output;

namespace ElfMmu.Cli.Tests;

public sealed class FailureTests : IDisposable
{
    private readonly SyntheticDump _dump = SyntheticDump.Typical();

    public void Dispose() => _dump.Dispose();

    [Theory]
    [InlineData("map nothing", "FileNotFound")]
    [InlineData("info nothing", "FileNotFound")]
    [InlineData("header nothing", "FileNotFound")]
    [InlineData("export nothing out", "FileNotFound")]
    [InlineData("map .", "FileOpenFailed")]
    [InlineData("map empty", "DumpEmpty")]
    [InlineData("header memory.raw", "NotElf")]
    [InlineData("map zeros.raw", "RootNotFound")]
    [InlineData("map zeros.raw --all-roots", "RootNotFound")]
    [InlineData("export zeros.raw out", "RootNotFound")]
    [InlineData("roots zeros.raw --all", "RootNotFound")]
    [InlineData("roots nothing", "FileNotFound")]
    [InlineData("map zeros.raw --nested-root 0x1000", "RootUnknown")]
    [InlineData("map memory.raw --root 0x1000", "ModeRequired")]
    [InlineData("map memory.raw --root 0x1000000 --mode ia32e", "RootNotInDump")]
    [InlineData("map memory.raw --root 0x1000 --mode ia32e --cpu 3", "CpuUnknown")]
    [InlineData("map memory.raw --ram-base 0xffffffffffffffff", "RamBaseInvalid")]
    [InlineData("map memory.raw --machine nothing", "FileNotFound")]
    [InlineData("map memory.raw --machine empty", "MachineInvalid")]
    [InlineData("map loop.raw --root 0x1000 --mode ia32e --include-absent --format csv", "PageTableLoop")]
    [InlineData("export memory.raw out --root 0x1000 --mode ia32e --maximum-address 0xfff", "NothingToExport")]
    [InlineData("export memory.raw memory.raw --root 0x1000 --mode ia32e", "OutputIsInput")]
    [InlineData("export memory.raw empty --root 0x1000 --mode ia32e --no-clobber", "OutputExists")]
    [InlineData("export memory.raw . --root 0x1000 --mode ia32e", "OutputInvalid")]
    [InlineData("export memory.raw nowhere/out --root 0x1000 --mode ia32e", "WriteFailed")]
    public void Each_failure_has_one_line_and_its_identifier(string line, string errorId)
    {
        _dump.WriteText("empty", "");
        File.WriteAllBytes(_dump.File("zeros.raw"), new byte[0x10000]);
        byte[] loop = new byte[0x10000];
        for (int i = 0; i < 512; i++)
        {
            BitConverter.TryWriteBytes(loop.AsSpan(0x1000 + (i * 8)), 0x1007UL);
        }

        File.WriteAllBytes(_dump.File("loop.raw"), loop);
        string[] args = [.. line.Split(' ').Select((word, i) => i > 0 && IsName(word) ? _dump.File(word) : word)];
        CliRun.Of(args).Failed(errorId);
        Assert.Empty(Directory.GetFiles(_dump.Folder, ".*"));
    }

    [Fact]
    public void Control_characters_do_not_reach_the_terminal()
    {
        CliRun run = CliRun.Of("map", "no\u001b[31m\nsuch").Failed("FileNotFound");
        Assert.Contains("no?[31m such", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_nobody_expected_shows_where_only_to_those_who_ask(bool verbose)
    {
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(new Utf8Output(Stream.Null), error, CancellationToken.None, errorIsTerminal: false)
        {
            Verbosity = verbose ? Verbosity.Verbose : Verbosity.Normal,
        };
        terminal.Fail(new InvalidOperationException("two\nlines"));
        string[] lines = error.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal("elfmmu: unexpected InvalidOperationException: two lines [Unexpected] (--verbose says where)", lines[0]);
        Assert.Equal(!verbose, lines.Length == 1);
    }

    private static bool IsName(string word) =>
        word is "nothing" or "." or "out" or "nowhere/out" or "empty" || word.EndsWith(".raw", StringComparison.Ordinal);
}
