using ElfMmu.Dwarf;
using ElfMmu.Elf;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dwarf;

/// <summary>The C text of types: what is read, and what is said of what isn't.</summary>
public sealed class CTextTests
{
    private static readonly DwarfTarget X64 = DwarfTargets.Of("x86-64");

    [Fact]
    public void A_list_refers_to_itself()
    {
        DwarfTypeLibrary library = DwarfTypes.ParseC("struct list_head { struct list_head *next, *prev; };", X64);
        var list = Assert.IsType<DwarfStructType>(library.Find("struct list_head"));
        Assert.Equal(16ul, list.Size);
        Assert.Equal(["next 0", "prev 8"], list.Members.Select(m => $"{m.Name} {m.Offset}"));
        Assert.Same(list, Assert.IsType<DwarfPointerType>(list.Members[1].Type).Target);
        Assert.Same(list, library.Find("list_head"));
        Assert.Null(library.Find("union list_head"));
    }

    [Theory]
    [InlineData("int", "int", 4)]
    [InlineData("unsigned long int", "long unsigned int", 8)]
    [InlineData("long unsigned", "long unsigned int", 8)]
    [InlineData("char *[4]", "char *[4]", 32)]
    [InlineData("char (*)[4]", "char (*)[4]", 8)]
    [InlineData("int (*[3])(void)", "int (*[3])(void)", 24)]
    [InlineData("const volatile struct s *", "struct s const volatile *", 8)]
    [InlineData("u8[2][3]", "u8 [2][3]", 6)]
    [InlineData("struct s[1 << 3]", "struct s [8]", 96)]
    [InlineData("t[COUNT + sizeof(int)]", "t [7]", 84)]
    [InlineData("wchar_t", "wchar_t", 4)]
    [InlineData("f64", "f64", 8)]
    public void Types_are_written_as_in_C(string text, string expected, ulong size)
    {
        DwarfTypeLibrary library = DwarfTypes.ParseC("typedef struct s { int a, b, c; } t; enum { COUNT = 3 };", X64);
        DwarfType? type = library.Resolve(text);
        Assert.Equal(expected, type?.ToString());
        Assert.Equal(size, library.SizeOf(type));
    }

    [Fact]
    public void Names_of_basic_types_are_those_of_layouts()
    {
        var library = DwarfTypes.ParseC("", X64);
        foreach (string name in ElfMmu.Reading.MemoryValueType.Names)
        {
            var type = ElfMmu.Reading.MemoryValueType.Parse(name);
            Assert.Equal((ulong)(type.Size ?? 8), library.SizeOf(library.Resolve(name)));
        }
    }

    [Theory]
    [InlineData("x86-64", "long", 8)]
    [InlineData("i386", "long", 4)]
    [InlineData("x86-64", "long double", 16)]
    [InlineData("i386", "long double", 12)]
    [InlineData("arm", "size_t", 4)]
    [InlineData("mips", "uintptr_t", 4)]
    [InlineData("riscv64", "uint64_t", 8)]
    public void Sizes_are_the_targets(string machine, string type, ulong size)
    {
        DwarfTypeLibrary library = DwarfTypes.ParseC("", DwarfTargets.Of(machine));
        Assert.Equal(size, library.SizeOf(library.Resolve(type)));
    }

    [Fact]
    public void Windows_has_a_short_long()
    {
        var target = new DwarfTarget(ElfMachine.X86_64, ElfClass.Elf64, ElfData.LittleEndian) { DataModel = DwarfDataModel.Llp64 };
        DwarfTypeLibrary library = DwarfTypes.ParseC(
            "struct bits { unsigned char a : 4; unsigned int b : 4; unsigned int c : 28; }; struct s { long l; void *p; };", target);
        Assert.Equal([0ul, 4], ((DwarfStructType)library.Find("struct s")!).Members.Select((m, i) => i == 0 ? m.Offset : m.Offset - 4));
        Assert.Equal([0ul, 32, 36], ((DwarfStructType)library.Find("struct bits")!).Members.Select(m => m.BitOffset));
        Assert.Equal(8ul, library.SizeOf(library.Resolve("size_t")));
    }

    [Theory]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("~0", "-1")]
    [InlineData("~0u", "4294967295")]
    [InlineData("1 << 31", "-2147483648")]
    [InlineData("1ul << 63", "9223372036854775808")]
    [InlineData("0x80000000", "2147483648")]
    [InlineData("(char)200", "-56")]
    [InlineData("(u8)-1", "255")]
    [InlineData("-1 < 0u", "0")]
    [InlineData("5 % 3 == 2 ? 'A' : '\\n'", "65")]
    [InlineData("010 | 0b101", "13")]
    [InlineData("sizeof(void *) - _Alignof(short)", "6")]
    public void Expressions_have_the_values_C_gives_them(string text, string value)
    {
        DwarfTypeLibrary library = DwarfTypes.ParseC($"#define VALUE ({text}) // a comment\nenum e {{ E = VALUE }};", X64);
        Assert.Equal(value, library.Constants["VALUE"].Value.ToString());
        Assert.Equal(value, ((DwarfEnumType)library.Find("enum e")!).Enumerators[0].Value.ToString());
    }

    [Fact]
    public void Declarations_have_addresses_or_not()
    {
        DwarfTypeLibrary library = DwarfTypes.ParseC(
            """
            /* Linux */
            #define __visible
            struct task_struct;
            extern struct task_struct init_task @ 0xffffffff82a10980;
            static char *names[2] @ 4096, one;
            __visible int printk(const char *format, ...) @ 0xffffffff81000000 size 0x80;
            static inline int twice(int x) { return x * (1 + 1); }
            static const unsigned short LIMIT = 70000;
            #pragma once
            #define NOT_A_NUMBER do { } while (0)
            """,
            X64);
        Assert.Equal(0xffffffff82a10980, library.Declarations["init_task"].Address);
        Assert.Equal("char *[2]", library.Declarations["names"].Type!.ToString());
        Assert.False(library.Declarations["one"].IsExternal);
        Assert.Null(library.Declarations["one"].Address);
        Assert.Equal(0x80ul, library.Declarations["printk"].Size);
        Assert.True(Assert.IsType<DwarfFunctionType>(library.Declarations["printk"].Type).IsVariadic);
        Assert.IsType<DwarfFunctionType>(library.Declarations["twice"].Type);
        Assert.Equal(70000 & 0xffff, library.Constants["LIMIT"].Value);
        Assert.Single(library.Constants);
        var unit = new DwarfUnit();
        library.AddTo(unit);
        Assert.Equal(["init_task", "names"], unit.Variables.Select(v => v.Name));
        Assert.Equal(["printk"], unit.Functions.Select(f => f.Name));
    }

    [Theory]
    [InlineData("struct s { int a }", 1, 18, "expected , or ; behind a member, and there is '}'")]
    [InlineData("struct s {\n  foo x;\n};", 2, 3, "'foo' isn't one that is known")]
    [InlineData("struct s { struct t x; };", 1, 21, "'struct t' is only declared here")]
    [InlineData("struct s { int x; char x; };", 1, 24, "there is a member 'x' already")]
    [InlineData("struct s { int x : 33; };", 1, 20, "1 to 32 bits")]
    [InlineData("struct s { float x : 3; };", 1, 22, "integer type")]
    [InlineData("struct s { void x; };", 1, 17, "void takes no room")]
    [InlineData("struct s { int x[-1]; };", 1, 18, "and this is -1")]
    [InlineData("struct s { char x[0x1000000000000][2]; };", 1, 18, "larger than")]
    [InlineData("struct s { int a; }; struct s { int b; };", 1, 29, "defined already")]
    [InlineData("enum e { A = 1 / 0 };", 1, 16, "divides by zero")]
    [InlineData("enum e { A = B };", 1, 14, "expected a number")]
    [InlineData("typedef int t; typedef char t;", 1, 29, "'t' is int already")]
    [InlineData("long short x;", 1, 1, "aren't a type")]
    [InlineData("int x", 1, 6, "there is the end")]
    [InlineData("/* open", 1, 1, "expected */")]
    [InlineData("#include <stdint.h>", 1, 1, "gcc -E")]
    [InlineData("struct s { int x __attribute__((mode(DI))); };", 1, 33, "isn't followed")]
    [InlineData("#pragma pack(3)\n", 1, 1, "1, 2, 4, 8 or 16")]
    [InlineData("int f(void)(void);", 1, 6, "returns neither")]
    public void Errors_say_where_and_what(string text, int line, int column, string what)
    {
        ElfMmuException e = Throws.Error("TypeTextInvalid", () => DwarfTypes.ParseC(text, X64));
        Assert.Contains($"line {line}, column {column}", e.Message, StringComparison.Ordinal);
        Assert.Contains(what, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("struct s {", "struct {", 100_000)]
    [InlineData("int ", "(", 100_000)]
    [InlineData("enum e { A = ", "-", 100_000)]
    [InlineData("enum e { A = ", "(", 100_000)]
    [InlineData("int f", "(int (*)", 100_000)]
    [InlineData("", "_Alignas(", 200_000)]
    [InlineData("", "enum a:", 200_000)]
    public void Deep_nesting_ends_in_an_error(string start, string repeated, int count) => Throws.Error(
        "TypeTextInvalid", () => DwarfTypes.ParseC(start + string.Concat(Enumerable.Repeat(repeated, count)), X64));

    [Fact]
    public void Any_cut_or_changed_text_ends_well()
    {
        string text = new RandomC(99).Text(20);
        var random = new Random(7);
        for (int i = 0; i < 3000; i++)
        {
            char[] changed = text.ToCharArray();
            for (int n = random.Next(1, 4); n > 0; n--)
            {
                changed[random.Next(changed.Length)] = "{}()[];:,*@=#\"'/ \n0az"[random.Next(21)];
            }

            try
            {
                var unit = new DwarfUnit();
                DwarfTypes.ParseC(new string(changed, 0, random.Next(changed.Length)), X64).AddTo(unit);
                DwarfWriter.Write(unit, X64);
            }
            catch (ElfMmuException e)
            {
                Assert.Equal("TypeTextInvalid", e.ErrorId);
            }
        }
    }

    [Theory]
    [InlineData("struct { int a; nobody b; }")]
    [InlineData("struct s { int a; nobody b; }")]
    [InlineData("union u { struct { int a; }; nobody b; }")]
    [InlineData("enum e { A, B = nobody }")]
    public void What_fails_leaves_nothing_half_made(string text)
    {
        DwarfTypeLibrary library = DwarfTypes.ParseC($"#define SIZE sizeof({text})\nint fine @ 4096;", X64);
        Throws.Error("TypeTextInvalid", () => library.Resolve(text));
        var unit = new DwarfUnit();
        library.AddTo(unit);
        Assert.All(library.Types, t => Assert.True(t is DwarfStructType { Size: null, Members.Count: 0 }
            or DwarfStructType { Size: 4, Members.Count: 1 } or DwarfEnumType { Size: null, Enumerators.Count: 0 }));
        Assert.NotEmpty(DwarfWriter.Write(unit, X64));
    }

    [Fact]
    public void Macros_with_open_braces_end_with_their_lines()
    {
        string text = string.Concat(Enumerable.Repeat("#define OPEN sizeof(struct {\n", 60_000));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Empty(DwarfTypes.ParseC(text + "int f(void) {\n#define SKIPPED 1\n}", X64).Constants);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(40), $"{watch.Elapsed}");
    }

    [Fact]
    public void Long_texts_take_time_that_grows_with_them()
    {
        string text = string.Concat(Enumerable.Range(0, 40_000).Select(i =>
            $"#define M{i} not_a_number\ntypedef struct s{i} {{ struct s{i} *p; int x[{i % 7 + 1}]; }} t{i};\n"));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        DwarfTypeLibrary library = DwarfTypes.ParseC(text, X64);
        Assert.Equal(80_000, library.Types.Count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(40), $"{watch.Elapsed}");
    }
}
