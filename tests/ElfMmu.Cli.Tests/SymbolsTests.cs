using System.Buffers.Binary;
using System.Text.Json;
using ElfMmu.Elf;
using ElfMmu.Elf.Writing;

namespace ElfMmu.Cli.Tests;

/// <summary>The commands symbols, dynamic and hashes.</summary>
public sealed class SymbolsTests : IDisposable
{
    private readonly SyntheticDump _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Symbols_are_a_table_each()
    {
        string[] lines = CliRun.Of("symbols", Write(), "--table", ".symtab").Done().Output.TrimEnd('\n').Split('\n');
        Assert.Equal(["Nr", "Value", "Size", "Type", "Binding", "Visibility", "Section", "Name"], Words(lines[1]));
        Assert.Equal(["1", "0x0000000000001000", "4", "FUNC", "LOCAL", "DEFAULT", ".text", "start"], Words(lines[3]));
        Assert.Equal(["2", "0x0000000000001008", "8", "FUNC", "GLOBAL", "DEFAULT", ".text", "answer"], Words(lines[4]));
        Assert.Equal(5, lines.Length);
    }

    [Fact]
    public void Symbols_in_json_have_numbers_and_names()
    {
        JsonElement[] rows = Json("symbols", Write(), "--name", "ans*", "--format", "json");
        Assert.Equal([".dynsym", ".symtab"], rows.Select(r => r.GetProperty("table").GetString()!).Order(StringComparer.Ordinal));
        Assert.All(rows, r => Assert.Equal(
            ("0x1008", 8, "STT_FUNC"),
            (r.GetProperty("value").GetString(), r.GetProperty("size").GetInt32(), r.GetProperty("typeName").GetString())));
    }

    [Fact]
    public void A_name_that_isnt_there_is_not_found() =>
        Assert.Equal("[]\n", CliRun.Of("symbols", Write(), "--name", "answe", "--format", "json").FoundNothing("nothing was found.").Output);

    [Theory]
    [InlineData("--type func --table .symtab", 2)]
    [InlineData("--type STT_FUNC --binding global", 2)]
    [InlineData("--binding local --defined", 1)]
    [InlineData("--undefined", 2)]
    [InlineData("--name a?swer --table .dyn*", 1)]
    public void Symbols_are_chosen_by_what_they_are(string options, int expected) =>
        Assert.Equal(expected, Json(["symbols", Write(), "--format", "json", .. options.Split(' ')]).Length);

    [Fact]
    public void An_address_finds_its_symbol()
    {
        string path = Write();
        string[] lines = CliRun.Of("symbols", path, "--address", "0x100c").Done().Output.Split('\n');
        Assert.Equal($"{path}: 0x100c is answer+0x4", lines[0]);
        CliRun none = CliRun.Of("symbols", path, "--address", "0x5000");
        Assert.Contains("0x5000 is in no symbol", none.Error, StringComparison.Ordinal);
        Assert.Equal("", none.Output);
    }

    [Fact]
    public void Dynamic_entries_are_in_words()
    {
        string[] lines = CliRun.Of("dynamic", Write(), "--format", "csv").Done().Output.TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Contains("Shared library: [libneeded.so]", lines[1], StringComparison.Ordinal);
        Assert.Contains("DT_NULL", lines[2], StringComparison.Ordinal);
        Assert.Single(Json("dynamic", Write(), "--tag", "needed", "--format", "json"));
    }

    [Fact]
    public void Hash_tables_say_whether_every_symbol_is_found()
    {
        JsonElement table = Assert.Single(Json("hashes", Write(), "--format", "json"));
        Assert.Equal(
            ("DT_HASH", 1, 1),
            (table.GetProperty("kindName").GetString(), table.GetProperty("foundCount").GetInt32(), table.GetProperty("checkedCount").GetInt32()));
    }

    [Fact]
    public void What_isnt_elf_is_an_error()
    {
        string path = _folder.WriteText("notes.txt", "nothing to see here");
        CliRun.Of("symbols", path).Failed("NotElf");
        CliRun.Of("dynamic", path).Failed("NotElf");
        CliRun.Of("hashes", path).Failed("NotElf");
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static JsonElement[] Json(params string[] args) =>
        [.. JsonDocument.Parse(CliRun.Of(args).Done().Output).RootElement.EnumerateArray()];

    private static byte[] Numbers(params uint[] words)
    {
        byte[] bytes = new byte[words.Length * 4];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * 4), words[i]);
        }

        return bytes;
    }

    /// <summary>A library that exports one function and needs another library.</summary>
    private string Write()
    {
        var model = new ElfModel { Type = ElfType.SharedObject, Machine = ElfMachine.X86_64 };
        var text = new ElfModelSection(".text") { Flags = 6, Address = 0x1000, Content = new byte[0x20] };
        var names = new ElfModelSection(".dynstr", 3) { Content = "\0answer\0libneeded.so\0"u8.ToArray() };
        var symbols = new ElfModelSection(".dynsym", 11)
        {
            // An empty one, and: name 1, global function in section 1 at 0x1008, 8 bytes.
            LinkedSection = names, Info = 1, EntrySize = 24, Content = Numbers(0, 0, 0, 0, 0, 0, 1, 0x10012, 0x1008, 0, 8, 0),
        };
        var hash = new ElfModelSection(".hash", 5) { LinkedSection = symbols, EntrySize = 4, Content = Numbers(1, 2, 1, 0, 0) };
        var dynamic = new ElfModelSection(".dynamic", 6) { LinkedSection = names, EntrySize = 16, Content = Numbers(1, 0, 8, 0, 0, 0, 0, 0) };
        model.Sections.AddRange([text, names, symbols, hash, dynamic]);
        model.Symbols.Add(new ElfModelSymbol("start", 0x1000, text) { Size = 4, Type = 2 });
        model.Symbols.Add(new ElfModelSymbol("answer", 0x1008, text) { Size = 8, Type = 2, Binding = 1 });
        string path = _folder.File("library.so");
        File.WriteAllBytes(path, model.ToArray());
        return path;
    }
}
