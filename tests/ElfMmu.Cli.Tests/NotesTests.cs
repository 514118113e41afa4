using System.Text.Json;
using ElfMmu.Elf;

namespace ElfMmu.Cli.Tests;

public sealed class NotesTests : IDisposable
{
    private readonly SyntheticDump _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Table_has_owner_type_and_text()
    {
        string[] lines = CliRun.Of("notes", Write(), "-q").Done().Output.TrimEnd('\n').Split('\n');
        Assert.Equal(["Owner", "Type", "Size", "Offset", "Text"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["GNU", "NT_GNU_BUILD_ID", "3", "0x88", "abcdef"], lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("Thread 7, rip 0x401000", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Json_nests_what_a_note_says()
    {
        JsonElement[] notes = [.. JsonDocument.Parse(CliRun.Of("notes", Write(), "--format", "json", "-q").Done().Output).RootElement.EnumerateArray()];
        Assert.Equal("abcdef", notes[0].GetProperty("value").GetString());
        JsonElement thread = notes[1].GetProperty("value");
        Assert.Equal(7, thread.GetProperty("processId").GetInt32());
        Assert.Equal("0x401000", thread.GetProperty("registers").GetProperty("rip").GetString());
        Assert.Equal("6.1", notes[2].GetProperty("value").GetProperty("OSRELEASE").GetString());
        Assert.Equal(JsonValueKind.Null, notes[3].GetProperty("value").ValueKind);
    }

    [Fact]
    public void Owners_and_types_are_chosen_with_wildcards()
    {
        string path = Write();
        Assert.Equal($"Path,Index,Owner,Type,TypeName,Size,Offset,Section,SectionIndex,SegmentIndex,Text\n{path},2,VMCOREINFO,0x0,VMCOREINFO,14,0x208,,,0,\"Linux 6.1, 1 values\"\n",
            CliRun.Of("notes", path, "--owner", "VM*", "--format", "csv", "-q").Done().Output);
        string[] lines = CliRun.Of("notes", Write(), "--type", "nt_gnu*", "--type", "NT_0x?", "--format", "csv", "-q").Done().Output.TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
    }

    [Theory]
    [InlineData("GNU_BUILD_ID")]
    [InlineData("NT_GNU_build_*")]
    [InlineData("3")]
    public void A_type_is_a_name_with_or_without_its_prefix_or_a_number(string type) =>
        Assert.Contains("abcdef", CliRun.Of("notes", Write(), "--type", type, "-q").Done().Output, StringComparison.Ordinal);

    [Fact]
    public void Csv_has_as_many_values_in_each_row_as_names()
    {
        string[] lines = CliRun.Of("notes", Write(), "--format", "csv", "-q").Done().Output.TrimEnd('\n').Split('\n');
        Assert.All(lines.Where(l => !l.Contains('"')), l => Assert.Equal(11, l.Split(',').Length));
        Assert.Equal(5, lines.Length);
    }

    private string Write()
    {
        byte[] status = CoreNoteLayouts.EncodePrStatus(ElfMachine.X86_64, ElfData.LittleEndian, new Dictionary<string, ulong> { ["rip"] = 0x401000 }, 7)!;
        byte[] notes = new ElfNoteBuilder(ElfData.LittleEndian)
            .Add("GNU", 3, [0xab, 0xcd, 0xef]).Add("CORE", 1, status).Add("VMCOREINFO", 0, "OSRELEASE=6.1\n"u8).Add("Me", 9, [1]).ToArray();
        byte[] file = new byte[120 + notes.Length];
        ElfEncoder.WriteHeader(file, new ElfLayout
        {
            Class = ElfClass.Elf64,
            Data = ElfData.LittleEndian,
            Type = ElfType.Core,
            Machine = ElfMachine.X86_64,
            ProgramHeaderOffset = 64,
            ProgramHeaderCount = 1,
        });
        ElfEncoder.WriteProgramHeader(file.AsSpan(64), ElfClass.Elf64, ElfData.LittleEndian, new ElfProgramHeader
        {
            Type = ElfSegmentType.Note,
            Offset = 120,
            FileSize = (ulong)notes.Length,
            Alignment = 4,
        });
        notes.CopyTo(file, 120);
        File.WriteAllBytes(_folder.File("core"), file);
        return _folder.File("core");
    }
}
