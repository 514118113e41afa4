using System.Text.Json;
using ElfMmu.Elf;

namespace ElfMmu.Cli.Tests;

public sealed class HeaderTests : IDisposable
{
    private readonly SyntheticDump _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Table_is_exactly_this()
    {
        string path = Write("file.elf", new ElfLayout
        {
            Class = ElfClass.Elf32,
            Data = ElfData.BigEndian,
            Type = ElfType.Core,
            Machine = ElfMachine.RiscV,
            Flags = 5,
            EntryPoint = 0x8000_0000,
        });
        Assert.Equal(
            $"""
            {path}: ELF header
              Magic:                      7f 45 4c 46 01 02 01 00 00 00 00 00 00 00 00 00
              Class:                      ELF32
              Data:                       2's complement, big endian
              Version:                    1 (current)
              OS/ABI:                     UNIX - System V (ELFOSABI_NONE)
              ABI version:                0
              Type:                       Core file (ET_CORE)
              Machine:                    RISC-V (EM_RISCV)
              Version:                    0x1
              Entry point address:        0x80000000
              Start of program headers:   0 (bytes into file)
              Start of section headers:   0 (bytes into file)
              Flags:                      0x5, RVC, double-float ABI
              Size of this header:        52 (bytes)
              Size of program headers:    32 (bytes)
              Number of program headers:  0
              Size of section headers:    40 (bytes)
              Number of section headers:  0
              Section of section names:   0

            """.ReplaceLineEndings("\n"),
            CliRun.Of("header", path).Done().Output);
    }

    [Fact]
    public void Real_counts_are_shown_where_the_field_cannot_hold_them()
    {
        string path = WriteMany();
        CliRun run = CliRun.Of("header", path);
        Assert.Equal(0, run.Code);
        Assert.Contains("Number of program headers:  65535 (70000)\n", run.Output, StringComparison.Ordinal);
        JsonElement header = Json(CliRun.Of("header", path, "--format", "json", "-q").Done())[0];
        Assert.Equal(65535, header.GetProperty("programHeaderCountField").GetInt32());
        Assert.Equal(70000, header.GetProperty("programHeaderCount").GetInt32());
    }

    [Fact]
    public void Warnings_go_to_the_error_stream_and_to_json()
    {
        string path = WriteMany();
        CliRun run = CliRun.Of("header", path, "--format", "json");
        string[] warnings = [.. Json(run)[0].GetProperty("warnings").EnumerateArray().Select(w => w.GetString()!)];
        Assert.NotEmpty(warnings);
        Assert.Equal(string.Concat(warnings.Select(w => $"elfmmu: warning: {path}: {w}\n")), run.Error);
    }

    [Fact]
    public void Json_has_every_field_of_the_header()
    {
        string path = Write("file.elf", new ElfLayout { Class = ElfClass.Elf64, Data = ElfData.LittleEndian });
        JsonElement header = Json(CliRun.Of("header", path, "--format", "json", "-q").Done())[0];
        HashSet<string> names = [.. header.EnumerateObject().Select(p => p.Name)];
        foreach (var property in typeof(ElfHeader).GetProperties())
        {
            Assert.Contains(char.ToLowerInvariant(property.Name[0]) + property.Name[1..], names);
        }
    }

    [Fact]
    public void Csv_has_a_line_for_each_file_and_quotes()
    {
        string one = Write("one, two.elf", new ElfLayout { Class = ElfClass.Elf64, Data = ElfData.LittleEndian });
        CliRun run = CliRun.Of("header", one, _folder.File("missing"), one, "--format", "csv", "-q").Failed("FileNotFound");
        string[] lines = run.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("Path,Ident,Class,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"\"{one}\",7f 45 4c 46 02 01", lines[1], StringComparison.Ordinal);
        Assert.Equal(lines[1], lines[2]);
    }

    private static JsonElement[] Json(CliRun run) => [.. JsonDocument.Parse(run.Output).RootElement.EnumerateArray()];

    private string WriteMany() => Write("many.elf", new ElfLayout
    {
        Class = ElfClass.Elf64,
        Data = ElfData.LittleEndian,
        Type = ElfType.Core,
        Machine = ElfMachine.X86_64,
        ProgramHeaderOffset = 128,
        ProgramHeaderCount = 70000,
        SectionHeaderOffset = 64,
        SectionHeaderCount = 1,
    });

    private string Write(string name, ElfLayout layout)
    {
        byte[] file = new byte[ElfEncoder.HeaderSize(layout.Class) + ElfEncoder.SectionHeaderSize(layout.Class)];
        ElfEncoder.WriteHeader(file, layout);
        if (layout.NeedsSectionZero)
        {
            ElfEncoder.WriteSectionZero(file.AsSpan((int)layout.SectionHeaderOffset), layout);
        }

        File.WriteAllBytes(_folder.File(name), file);
        return _folder.File(name);
    }
}
