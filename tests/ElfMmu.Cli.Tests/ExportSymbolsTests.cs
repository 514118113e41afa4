using System.Text.Json;

namespace ElfMmu.Cli.Tests;

public sealed class ExportSymbolsTests : IDisposable
{
    private readonly SyntheticDump _dump = SyntheticDump.Typical();

    private string Output => _dump.File("out.sym");

    public void Dispose() => _dump.Dispose();

    [Fact]
    public void Symbols_of_a_core_get_its_sections()
    {
        string core = _dump.File("out.core");
        CliRun.OfRaw("export", _dump.Path, core, "-q").Done();
        string map = _dump.WriteText("System.map", "0000000000400010 T main\n0000000000600000 D data\n");
        CliRun run = CliRun.Of("export-symbols", "--symbols", map, "--core", core, "-o", Output).Done();
        Assert.Equal($"{Output}: 2 symbols in 2 sections\n", run.Output);
        Assert.True(File.Exists(Output));
    }

    [Fact]
    public void The_summary_can_be_json_and_has_the_warnings()
    {
        string map = _dump.WriteText("System.map", "00001000 T main\nnonsense\n");
        string types = _dump.WriteText("types.h", "struct s { int a; };\n");
        CliRun run = CliRun.Of("export-symbols", "--symbols", map, "--machine", "arm", "--dwarf", "4", "--types", types, "--constant", "N=5",
            "--section", ".text=0x1000+0x100", "--format", "json", "-o", Output);
        Assert.Equal(0, run.Code);
        Assert.Contains("line 2", run.Error, StringComparison.Ordinal);
        JsonElement summary = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal("EM_ARM", summary.GetProperty("machine").GetString());
        Assert.Equal(4, summary.GetProperty("dwarf").GetInt32());
        Assert.Equal(1, summary.GetProperty("functions").GetInt32());
        Assert.Equal(1, summary.GetProperty("warnings").GetArrayLength());
    }

    [Theory]
    [InlineData("x64", "EM_X86_64", "ELFCLASS64")]
    [InlineData("arm64", "EM_AARCH64", "ELFCLASS64")]
    [InlineData("riscv32", "EM_RISCV", "ELFCLASS32")]
    [InlineData("riscv64", "EM_RISCV", "ELFCLASS64")]
    [InlineData("386", "EM_386", "ELFCLASS32")]
    [InlineData("0x28", "EM_ARM", "ELFCLASS32")]
    public void A_machine_has_usual_names_and_a_number(string name, string machine, string width)
    {
        string map = _dump.WriteText("System.map", "00001000 T main\n");
        CliRun run = CliRun.Of("export-symbols", "--symbols", map, "--machine", name, "--format", "json", "-o", Output).Done();
        JsonElement summary = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal((machine, width), (summary.GetProperty("machine").GetString(), summary.GetProperty("class").GetString()));
    }

    [Fact]
    public void What_contradicts_is_refused()
    {
        string map = _dump.WriteText("System.map", "00001000 T main\n");
        CliRun.Of("export-symbols", "--symbols", map, "-o", Output).Refused("--core");
        CliRun.Of("export-symbols", "--symbols", map, "--machine", "toaster", "-o", Output).Refused("toaster");
        CliRun.Of("export-symbols", "--symbols", map, "--machine", "arm", "--dwarf", "3", "-o", Output).Refused("--dwarf");
        CliRun.Of("export-symbols", "--symbols", map, "--machine", "arm", "--frame", "leaf", "-o", Output).Refused("--dwarf");
        CliRun.Of("export-symbols", "--symbols", map, "--machine", "arm", "--section", "x", "-o", Output).Refused("--section");
        Assert.False(File.Exists(Output));
    }

    [Fact]
    public void Failures_have_their_ids()
    {
        string map = _dump.WriteText("System.map", "ffffffff81000000 T main\n");
        CliRun.Of("export-symbols", "--symbols", map, "--machine", "arm", "-o", Output).Failed("SymbolAddressTooLarge");
        CliRun.Of("export-symbols", "--symbols", _dump.File("absent"), "--machine", "arm", "-o", Output).Failed("FileNotFound");
        CliRun.Of("export-symbols", "--symbols", map, "--machine", "mips", "-o", Output).Failed("TargetIncomplete");
        CliRun.Of("export-symbols", "--symbols", map, "--machine", "x86_64", "-o", map).Failed("OutputIsInput");
    }
}
