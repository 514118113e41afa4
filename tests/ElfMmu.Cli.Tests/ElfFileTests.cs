using System.Text.Json;
using Xunit;

namespace ElfMmu.Cli.Tests;

/// <summary><c>elfmmu segments</c>, <c>sections</c>, <c>strings</c> and <c>check</c>, on a file made here: two sections, one segment.</summary>
public sealed class ElfFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("elfmmu-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Segments_and_sections_are_listed()
    {
        string path = Write("a.elf", Elf());
        CliRun segments = CliRun.Of("segments", path, "--format", "csv");
        Assert.Equal(ExitCode.Done, segments.Code);
        Assert.Contains("PT_LOAD,0x5,r-x,0x0,0x400000,0x400000,0x400000,0x100,0x100,0x400100,0x1000,,", segments.Output, StringComparison.Ordinal);
        CliRun sections = CliRun.Of("sections", path, "--format", "json", "--entropy");
        using JsonDocument json = JsonDocument.Parse(sections.Output);
        JsonElement names = json.RootElement[1];
        Assert.Equal(".names", names.GetProperty("name").GetString());
        Assert.Equal("SHT_STRTAB", names.GetProperty("typeName").GetString());
        Assert.InRange(names.GetProperty("entropy").GetDouble(), 2, 4);
    }

    [Fact]
    public void A_section_is_written_byte_by_byte()
    {
        CliRun run = CliRun.Of("sections", Write("a.elf", Elf()), "--dump", ".names", "--format", "csv");
        Assert.Equal("\0.names\0texts\0", run.Output);
        Assert.Equal("", CliRun.Of("sections", Write("a.elf", Elf()), "--dump", ".none").FoundNothing("nothing was found.").Output);
        CliRun.Of("sections", Write("a.elf", Elf()), "--decompress").Refused("--dump");
    }

    [Theory]
    [InlineData("sections", "--name", ".n*", ".names")]
    [InlineData("sections", "--type", "strtab", ".names")]
    [InlineData("sections", "--type", "3", ".names")]
    [InlineData("sections", "--index", "1", ".names")]
    [InlineData("segments", "--type", "load", "PT_LOAD")]
    [InlineData("segments", "--type", "PT_L*", "PT_LOAD")]
    [InlineData("segments", "--address", "0x4000ff", "PT_LOAD")]
    public void Options_choose(string command, string option, string value, string expected)
    {
        string path = Write("a.elf", Elf());
        string[] lines = CliRun.Of(command, path, option, value, "--format", "csv").Done().Output.TrimEnd('\n').Split('\n');
        Assert.StartsWith("Path,Index,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith(path + ",", Assert.Single(lines[1..]), StringComparison.Ordinal);
        Assert.Contains(expected, lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sections", "--name", "none")]
    [InlineData("sections", "--type", "DYNSYM")]
    [InlineData("sections", "--index", "9")]
    [InlineData("sections", "--address", "0x400000")]
    [InlineData("segments", "--type", "NOTE")]
    [InlineData("segments", "--address", "0x400100")]
    [InlineData("symbols", "--name", "none")]
    [InlineData("symbols", "--defined", "-v")]
    [InlineData("dynamic", "--tag", "NEEDED")]
    [InlineData("notes", "--type", "3")]
    [InlineData("strings", "--section", ".text")]
    public void What_isnt_there_is_not_found(string command, string option, string value) =>
        CliRun.Of(command, Write("a.elf", Elf()), option, value).FoundNothing("nothing was found.");

    [Fact]
    public void What_nobody_asked_for_may_be_absent()
    {
        Assert.Equal("[]\n", CliRun.Of("notes", Write("a.elf", Elf()), "--format", "json").Done().Output);
        Assert.StartsWith("Path,Table,Index,Value,Size,Address,EndAddress,Type,TypeName,",
            CliRun.Of("symbols", Write("a.elf", Elf()), "--format", "csv").Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_are_listed()
    {
        CliRun run = CliRun.Of("strings", Write("a.elf", Elf()), "--format", "csv");
        Assert.Contains(",.names,1,0x1,0x101,,6,.names\n", run.Output, StringComparison.Ordinal);
        Assert.Contains(",.names,1,0x8,0x108,,5,texts\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("texts", CliRun.Of("strings", Write("a.elf", Elf()), "--minimum-length", "6").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_contradicts_itself_is_told()
    {
        CliRun sound = CliRun.Of("check", Write("a.elf", Elf()));
        Assert.Equal((ExitCode.Done, "", ""), (sound.Code, sound.Output, sound.Error));
        byte[] bad = Elf();
        bad[64 + 48] = 3;
        CliRun run = CliRun.Of("check", Write("b.elf", bad));
        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.Contains("SegmentAlignment", run.Output, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void Of_an_archive_each_member_is_read()
    {
        byte[] elf = Elf();
        static byte[] Header(string name, int size) => System.Text.Encoding.ASCII.GetBytes(
            $"{name,-16}{0,-12}{0,-6}{0,-6}{644,-8}{size,-10}`\n");
        string path = Write("lib.a", [.. "!<arch>\n"u8, .. Header("a.o/", elf.Length), .. elf, .. Header("text/", 2), .. "no"u8, .. Header("b.o/", elf.Length), .. elf]);
        CliRun run = CliRun.Of("sections", path, "--format", "csv");
        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.StartsWith("Path,Index,Name", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{path}(a.o),1,.names", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{path}(b.o),1,.names", run.Output, StringComparison.Ordinal);
        Assert.Contains("lib.a(text): is not an ELF file", run.Error, StringComparison.Ordinal);
    }

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>The header, a PT_LOAD, room up to 0x100, the names, and behind them the section headers.</summary>
    private static byte[] Elf()
    {
        var bytes = new MemoryStream();
        var writer = new BinaryWriter(bytes);
        writer.Write([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        writer.Write((ushort)2);
        writer.Write((ushort)62);
        writer.Write(1);
        writer.Write(0x400000L);
        writer.Write(64L);
        writer.Write(0x110L);
        writer.Write(0);
        foreach (ushort half in new ushort[] { 64, 56, 1, 64, 2, 1 })
        {
            writer.Write(half);
        }

        writer.Write(1);
        writer.Write(5);
        foreach (ulong field in new ulong[] { 0, 0x400000, 0x400000, 0x100, 0x100, 0x1000 })
        {
            writer.Write(field);
        }

        writer.Write(new byte[0x100 - bytes.Length]);
        writer.Write("\0.names\0texts\0"u8);
        writer.Write(new byte[0x110 - bytes.Length + 64]);
        writer.Write(1);
        writer.Write(3);
        foreach (ulong field in new ulong[] { 0, 0, 0x100, 14, 0, 1, 0 })
        {
            writer.Write(field);
        }

        return bytes.ToArray();
    }
}
