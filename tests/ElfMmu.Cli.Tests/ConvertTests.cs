using System.Text.Json;

namespace ElfMmu.Cli.Tests;

public sealed class ConvertTests : IDisposable
{
    private readonly SyntheticDump _dump = SyntheticDump.Typical();

    public void Dispose() => _dump.Dispose();

    [Fact]
    public void The_name_says_the_format()
    {
        foreach ((string name, byte[] start) in new[] { ("out.elf", "\u007fELF"u8.ToArray()), ("out.lime", "EMiL"u8.ToArray()), ("out.core", "\u007fELF"u8.ToArray()) })
        {
            string output = _dump.File(name);
            CliRun run = CliRun.Of("convert", _dump.Path, output, "--ram-base", "0").Done();
            Assert.Contains("SHA-256 of the memory", run.Output, StringComparison.Ordinal);
            Assert.Equal(start, File.ReadAllBytes(output)[..4]);
        }

        CliRun.Of("convert", _dump.Path, _dump.File("out.raw"), "-q").Done();
        Assert.Equal(File.ReadAllBytes(_dump.Path), File.ReadAllBytes(_dump.File("out.raw")));
        CliRun.Of("convert", _dump.Path, _dump.File("out.elf"), "-q", "--format", "lime").Done();
        Assert.Equal("EMiL"u8.ToArray(), File.ReadAllBytes(_dump.File("out.elf"))[..4]);
    }

    [Fact]
    public void A_place_that_nobody_knows_is_said() =>
        Assert.Contains("Nothing says where", CliRun.Of("convert", _dump.Path, _dump.File("out.elf")).Error, StringComparison.Ordinal);

    [Fact]
    public void Json_says_everything()
    {
        string output = _dump.File("out.elf");
        JsonElement done = JsonDocument.Parse(CliRun.Of("convert", _dump.Path, output, "--ram-base", "0x40000000", "--json").Done().Output).RootElement;
        Assert.Equal(output, done.GetProperty("path").GetString());
        Assert.Equal(_dump.Path, done.GetProperty("sourcePath").GetString());
        string sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_dump.Path)));
        Assert.Equal(sha256, done.GetProperty("sourceSha256").GetString());
        Assert.Equal(sha256, done.GetProperty("memorySha256").GetString());
        Assert.Equal(1, done.GetProperty("runs").GetInt32());
        Assert.Equal((ulong)new FileInfo(output).Length, done.GetProperty("length").GetUInt64());
        JsonElement info = JsonDocument.Parse(CliRun.Of("segments", output, "--format", "json").Done().Output).RootElement;
        Assert.Contains("0x40000000", info.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_converted_maps_the_same()
    {
        string output = _dump.File("out.lime");
        CliRun.Of("convert", _dump.Path, output, "-q").Done();
        string[] space = ["--root", "0x1000", "--mode", "ia32e", "--format", "csv"];
        Assert.Equal(CliRun.Of(["map", _dump.Path, .. space]).Done().Output, CliRun.Of(["map", output, .. space]).Done().Output);
    }

    [Fact]
    public void Pieces_are_written_beside_a_description()
    {
        CliRun.Of("convert", _dump.Path, _dump.File("piece.raw"), "--split", "-q").Done();
        Assert.Equal(File.ReadAllBytes(_dump.Path), File.ReadAllBytes(_dump.File("piece-0.raw")));
        Assert.Contains("piece-0.raw", File.ReadAllText(_dump.File("piece.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_folder_the_dump_gives_the_name()
    {
        CliRun.Of("convert", _dump.Path, _dump.File("folder") + "/", "--format", "raw", "-q").Done();
        Assert.True(File.Exists(Path.Combine(_dump.File("folder"), Path.GetFileNameWithoutExtension(_dump.Path) + ".raw")));
    }

    [Fact]
    public void Errors_say_what_is_wrong()
    {
        CliRun.Of("convert", _dump.Path, _dump.Path).Failed("OutputIsInput");
        CliRun.Of("convert", _dump.Path, _dump.File("x.elf"), "--split", "--format", "lime").Failed("ConversionInvalid");
        CliRun.Of("convert", _dump.Path, _dump.File("new") + "/", "--split", "--format", "elf").Failed("ConversionInvalid");
        CliRun.Of("convert", _dump.WriteText("notes.txt", "notes"), _dump.File("new") + "/").Failed("NotAMemoryDump");
        Assert.False(Directory.Exists(_dump.File("new")));
        CliRun.Of("convert", _dump.Path, "-").Failed("OutputInvalid");
        Assert.False(File.Exists("-"));
        CliRun.Of("convert", _dump.Path, _dump.WriteText("there.elf", "old"), "--no-clobber").Failed("OutputExists");
        Assert.Equal("old", File.ReadAllText(_dump.File("there.elf")));
        CliRun.Of("convert", _dump.Path, _dump.File("x.elf"), "--format", "vmem").Refused("--format");
        CliRun.Of("convert", _dump.Path).Refused("argument");
    }
}
