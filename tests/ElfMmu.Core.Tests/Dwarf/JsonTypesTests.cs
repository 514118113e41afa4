using ElfMmu.Dwarf;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dwarf;

/// <summary>Types in JSON, in our form and in Volatility's.</summary>
public sealed class JsonTypesTests
{
    private static readonly DwarfTarget X64 = DwarfTargets.Of("x86-64");

    [Fact]
    public void Json_says_what_C_says()
    {
        DwarfTypeLibrary c = DwarfTypes.ParseC(
            """
            typedef struct node node_t;
            enum color { RED, GREEN = 5 };
            union value { unsigned int word; unsigned char bytes[4]; };
            struct node { node_t *next; union value v; enum color c; unsigned int low : 3; unsigned int high : 5;
                union { long n; double d; }; char name[16]; int (*call)(struct node *, ...); };
            """,
            X64);
        DwarfTypeLibrary json = DwarfTypes.ParseJson(
            """
            {
              // Names that are needed first may stand last.
              "node": { "kind": "struct", "members": [
                { "name": "next", "type": "node_t *" },
                { "name": "v", "type": "union value" },
                { "name": "c", "type": "enum color" },
                { "name": "low", "type": "unsigned int", "bits": 3 },
                { "name": "high", "type": "unsigned int", "bits": 5 },
                { "type": { "kind": "union", "members": [ { "name": "n", "type": "long" }, { "name": "d", "type": "double" } ] } },
                { "name": "name", "type": "char[16]" },
                { "name": "call", "type": "int (*)(struct node *, ...)" },
              ] },
              "node_t": { "kind": "typedef", "type": "struct node" },
              "color": { "kind": "enum", "values": { "RED": 0, "GREEN": 5 } },
              "value": { "kind": "union", "members": [ { "name": "word", "type": "u32" }, { "name": "bytes", "type": "unsigned char[4]" } ] },
            }
            """,
            X64);
        Assert.Equal(Text(c), Text(json));
        Assert.Equal(56ul, json.SizeOf(json.Find("node_t")));
    }

    [Fact]
    public void Offsets_and_sizes_may_be_given()
    {
        DwarfTypeLibrary library = DwarfTypes.ParseJson(
            """
            {
              "types": {
                "task_struct": { "kind": "struct", "size": "0x1000", "members": [
                  { "name": "comm", "type": "char[16]", "offset": "0x5c0" },
                  { "name": "pid", "type": "pid_t", "offset": 1184 },
                  { "name": "after", "type": "u64" },
                  { "name": "flag", "type": "u32", "offset": 8, "bit_offset": 5, "bits": 1 } ] },
                "pid_t": { "kind": "typedef", "type": "int" },
                "real": { "kind": "base", "size": 2, "encoding": "float" },
                "mm_struct": { "kind": "struct" }
              },
              "variables": { "init_task": { "type": "struct task_struct", "address": "0xffffffff82a10980" },
                             "mm": { "type": "struct mm_struct *", "external": false } },
              "functions": { "printk": { "type": "int (const char *, ...)", "address": 4096, "size": 128 }, "old": { "address": 1 } },
              "constants": { "PAGE_SIZE": 4096, "ERROR": { "value": -22, "type": "long" } }
            }
            """,
            X64);
        var task = (DwarfStructType)library.Find("task_struct")!;
        Assert.Equal(["comm 1472", "pid 1184", "after 1192", "flag 8"], task.Members.Select(m => $"{m.Name} {m.Offset}"));
        Assert.Equal(69ul, task.Members[3].BitOffset);
        Assert.Equal(4096ul, task.Size);
        Assert.Null(((DwarfStructType)library.Find("mm_struct")!).Size);
        Assert.Equal(0xffffffff82a10980, library.Declarations["init_task"].Address);
        Assert.Equal(128ul, library.Declarations["printk"].Size);
        Assert.Equal(-22, library.Constants["ERROR"].Value);
        var unit = new DwarfUnit();
        library.AddTo(unit);
        Assert.Equal(["printk", "old"], unit.Functions.Select(f => f.Name));
        Assert.NotEmpty(DwarfWriter.Write(unit, X64));
    }

    [Fact]
    public void Symbol_files_of_Volatility_are_read()
    {
        DwarfTypeLibrary library = DwarfTypes.ParseJson(
            """
            {
              "metadata": { "format": "6.2.0", "producer": { "name": "dwarf2json", "version": "0.8.0" } },
              "base_types": {
                "int": { "size": 4, "signed": true, "kind": "int", "endian": "little" },
                "unsigned int": { "size": 4, "signed": false, "kind": "int", "endian": "little" },
                "char": { "size": 1, "signed": true, "kind": "char", "endian": "little" },
                "pointer": { "size": 8, "signed": false, "kind": "int", "endian": "little" },
                "void": { "size": 0, "signed": false, "kind": "void", "endian": "little" } },
              "enums": { "state": { "size": 4, "base": "unsigned int", "constants": { "RUN": 0, "SLEEP": 4294967295 } } },
              "user_types": {
                "task": { "size": 40, "kind": "struct", "fields": {
                  "comm": { "offset": 16, "type": { "kind": "array", "count": 8, "subtype": { "kind": "base", "name": "char" } } },
                  "next": { "offset": 0, "type": { "kind": "pointer", "subtype": { "kind": "struct", "name": "task" } } },
                  "on_cpu": { "offset": 12, "type": { "kind": "bitfield", "bit_position": 3, "bit_length": 2,
                                                      "type": { "kind": "base", "name": "unsigned int" } } },
                  "data": { "offset": 24, "type": { "kind": "pointer", "subtype": { "kind": "base", "name": "void" } } },
                  "unnamed_field_20": { "offset": 32, "anonymous": true, "type": { "kind": "union", "name": "unnamed_1" } },
                  "state": { "offset": 8, "type": { "kind": "enum", "name": "state" } } } },
                "unnamed_1": { "size": 4, "kind": "union", "fields": {
                  "a": { "offset": 0, "type": { "kind": "base", "name": "int" } },
                  "f": { "offset": 0, "type": { "kind": "pointer", "subtype": { "kind": "function" } } } } } },
              "symbols": {
                "init_task": { "address": 18446744071606110592, "type": { "kind": "struct", "name": "task" } },
                "_text": { "address": 18446744071578845184 } }
            }
            """,
            X64);
        var task = (DwarfStructType)library.Find("struct task")!;
        Assert.Equal(
            ["next @0 struct task *", "state @8 enum state", "on_cpu @99:2 unsigned int", "comm @16 char [8]", "data @24 void *",
             " @32 union unnamed_1"],
            task.Members.Select(m => $"{m.Name} @{(m.BitSize is { } b ? $"{m.BitOffset}:{b}" : m.Offset)} {m.Type}"));
        Assert.Equal(18446744071606110592, library.Declarations["init_task"].Address);
        Assert.Null(library.Declarations["_text"].Type);
        Assert.Equal("struct task [2]", library.Resolve("struct task[2]")!.ToString());
        Assert.Equal(80ul, library.SizeOf(library.Resolve("struct task[2]")));
        var unit = new DwarfUnit();
        library.AddTo(unit);
        Assert.NotEmpty(DwarfWriter.Write(unit, X64));
    }

    [Theory]
    [InlineData("[]", "at the top", "expected an object")]
    [InlineData("{", "line 1", "JSON")]
    [InlineData("""{ "s": { "kind": "thing" } }""", "s.kind", "\"struct\"")]
    [InlineData("""{ "s": { "size": 4 } }""", "at s", "\"kind\"")]
    [InlineData("""{ "s": { "kind": "struct", "members": [ { "name": "x", "type": "foo" } ] } }""", "s.members[0].type", "'foo'")]
    [InlineData("""{ "s": { "kind": "struct", "members": [ { "name": "x", "type": "struct s" } ] } }""", "s.members[0].type", "struct s")]
    [InlineData("""{ "a": { "kind": "typedef", "type": "a" } }""", "at a", "contains itself")]
    [InlineData("""{ "s": { "kind": "struct", "size": 2, "members": [ { "name": "x", "type": "int" } ] } }""", "s.size", "from 4")]
    [InlineData("""{ "types": {}, "other": 1 }""", "at other", "only")]
    [InlineData("""{ "variables": { "v": { "type": "int (void)", "address": 1 } } }""", "variables.v.type", "variable")]
    [InlineData("""{ "functions": { "f": { "type": "int", "address": -1 } } }""", "functions.f.type", "function")]
    [InlineData("""{ "b": { "kind": "base", "size": 99999999999999999, "encoding": "signed" } }""", "b.size", "2⁴⁸")]
    [InlineData("""{ "user_types": {}, "enums": { "e": { "size": 0, "constants": {} } } }""", "enums.e.size", "1, 2, 4 or 8")]
    [InlineData("""{ "base_types": { "pointer": { "kind": "int", "size": 0 } } }""", "base_types.pointer.size", "1, 2, 4 or 8")]
    [InlineData("""{ "user_types": { "s": { "kind": "struct", "size": 4, "fields": { "x": { "offset": 0, "type": { "kind": "base", "name": "y" } } } } } }""",
        "user_types.s.fields.x.type.name", "base_types")]
    public void Errors_say_where_and_what(string text, string where, string what)
    {
        ElfMmuException e = Throws.Error("TypeJsonInvalid", () => DwarfTypes.ParseJson(text, X64));
        Assert.Contains(where, e.Message, StringComparison.Ordinal);
        Assert.Contains(what, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "a": { "kind": "\ud800" } }""", "a.kind")]
    [InlineData("""{ "\ud800": { "kind": "struct" } }""", "the top")]
    [InlineData("""{ "types": { "a": { "\udc00 and more": 1 } } }""", "types.a")]
    [InlineData("""{ "constants": { "a": "\ud800" } }""", "constants.a")]
    public void Half_characters_are_said(string text, string where)
    {
        ElfMmuException e = Throws.Error("TypeJsonInvalid", () => DwarfTypes.ParseJson(text, X64));
        Assert.Contains($"at {where}: a text or name here has half a character", e.Message, StringComparison.Ordinal);
        Throws.Error("TypeJsonInvalid", () => DwarfTypes.ParseJson(System.Text.RegularExpressions.Regex.Unescape(text), X64));
    }

    [Fact]
    public void Deep_types_that_wait_for_each_other_end_in_an_error_on_a_small_stack()
    {
        string type = "";
        string text = "{" + string.Join(",", Enumerable.Range(0, 95).Select(i =>
        {
            type = $"t{i + 1}";
            for (int n = 0; n < 12; n++)
            {
                type = $"int[sizeof({type})]";
            }

            return $$"""
            "t{{i}}": { "kind": "typedef", "type": "{{type}}" }
            """;
        })) + """, "t95": { "kind": "typedef", "type": "int" } }""";
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(() => DwarfTypes.ParseJson(text, X64)), maxStackSize: 512 << 10);
        thread.Start();
        thread.Join();
        Assert.Equal("TypeJsonInvalid", Assert.IsType<ElfMmuException>(thrown).ErrorId);
    }

    [Fact]
    public void Chains_of_types_in_no_good_order_end_in_an_error()
    {
        string text = "{" + string.Join(",", Enumerable.Range(0, 5000).Select(i =>
            $$"""
            "t{{i}}": { "kind": "typedef", "type": "t{{i + 1}}" }
            """)) + "}";
        ElfMmuException e = Throws.Error("TypeJsonInvalid", () => DwarfTypes.ParseJson(text, X64));
        Assert.Contains("needed first", e.Message, StringComparison.Ordinal);
    }

    private static string[] Text(DwarfTypeLibrary library) => [.. library.Types.Where(t => t.Name != null).Select(Text).Order(StringComparer.Ordinal)];

    private static string Text(DwarfType type) => type switch
    {
        DwarfStructType s => $"{(s.Name == null ? "" : s)} {s.Size}: " + string.Join("; ", s.Members.Select(m =>
            $"{m.Name} {m.Offset} {m.BitOffset} {m.BitSize} {(m.Type.Name == null ? Text(m.Type) : m.Type.Name.Replace("u32", "unsigned int", StringComparison.Ordinal))}")),
        DwarfEnumType e => $"{e} {e.Size} {e.Underlying}: " + string.Join("; ", e.Enumerators),
        DwarfTypedef t => $"{t} = {t.Target}",
        _ => type.ToString(),
    };
}
