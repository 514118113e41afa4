using System.Buffers.Binary;
using System.Text.Json;
using ElfMmu.Elf;

namespace ElfMmu.Cli.Tests;

public sealed class RelocationsTests : IDisposable
{
    private readonly SyntheticDump _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Table_has_place_type_and_addend()
    {
        string[] lines = CliRun.Of("relocations", Write(), "-q").Done().Output.TrimEnd('\n').Split('\n');
        Assert.Equal(["Section", "Offset", "Type", "SymbolValue", "Symbol", "Addend"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal([".rela", "0x1000", "R_X86_64_RELATIVE", "0x2000"], lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal([".rela", "0x1008", "R_X86_64_0x63", "-0x8"], lines[3].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Json_has_numbers_and_names()
    {
        JsonElement[] rows = [.. JsonDocument.Parse(CliRun.Of("relocations", Write(), "--format", "json", "-q").Done().Output).RootElement.EnumerateArray()];
        Assert.Equal(2, rows.Length);
        Assert.Equal(("0x1000", "0x8", "Rela"), (rows[0].GetProperty("offset").GetString(), rows[0].GetProperty("type").GetString(), rows[0].GetProperty("format").GetString()));
        Assert.Equal(-8, rows[1].GetProperty("addend").GetInt32());
        Assert.Equal(JsonValueKind.Null, rows[1].GetProperty("symbolName").ValueKind);
    }

    [Theory]
    [InlineData("--type", "*relative", 1)]
    [InlineData("--type", "R_*", 2)]
    [InlineData("--section", ".rel?", 2)]
    [InlineData("--type", "8", 1)]
    [InlineData("--type", "0x63", 1)]
    [InlineData("--type", "x86_64_relative", 1)]
    [InlineData("--address", "0x1008", 1)]
    [InlineData("--address", "0x1000-0x1009", 2)]
    [InlineData("--offset", "0x1000+8", 1)]
    public void Wildcards_choose(string option, string pattern, int expected)
    {
        string[] lines = CliRun.Of("relocations", Write(), option, pattern, "--format", "csv", "-q").Done().Output.TrimEnd('\n').Split('\n');
        Assert.Equal(expected, lines.Length - 1);
    }

    [Theory]
    [InlineData("--section", ".other")]
    [InlineData("--symbol", "*")]
    [InlineData("--address", "0x1001")]
    [InlineData("--type", "9")]
    public void What_isnt_there_is_not_found(string option, string value) =>
        Assert.Equal("", CliRun.Of("relocations", Write(), option, value).FoundNothing("nothing was found.").Output);

    private string Write()
    {
        byte[] file = new byte[64 + 48 + 24 + (3 * 64)];
        ulong[] words = [0x1000, 8, 0x2000, 0x1008, 0x63, unchecked((ulong)-8L)];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(64 + (i * 8)), words[i]);
        }

        "\0.rela\0.names\0"u8.CopyTo(file.AsSpan(112));
        ElfEncoder.WriteHeader(file, new ElfLayout
        {
            Class = ElfClass.Elf64,
            Data = ElfData.LittleEndian,
            Type = ElfType.SharedObject,
            Machine = ElfMachine.X86_64,
            SectionHeaderOffset = 136,
            SectionHeaderCount = 3,
            SectionNameIndex = 2,
        });
        ElfEncoder.WriteSectionHeader(file.AsSpan(200), ElfClass.Elf64, ElfData.LittleEndian, new ElfSectionHeader { NameOffset = 1, Type = 4, Offset = 64, Size = 48 });
        ElfEncoder.WriteSectionHeader(file.AsSpan(264), ElfClass.Elf64, ElfData.LittleEndian, new ElfSectionHeader { NameOffset = 7, Type = 3, Offset = 112, Size = 14 });
        File.WriteAllBytes(_folder.File("file.so"), file);
        return _folder.File("file.so");
    }
}
