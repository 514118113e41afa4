using ElfMmu.Companions;
using ElfMmu.Elf.Symbols;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Companions;

/// <summary>Texts of symbols, in every format there is.</summary>
public class SymbolReaderTests
{
    private readonly SourceNotes _notes = new();

    [Fact]
    public void SystemMapGivesTypesAndBindings()
    {
        CompanionSymbol[] symbols = Read("""
            0000000000000000 A fixed_percpu_data
            ffffffff81000000 T _text
            ffffffff81000040 t early_setup
            ffffffff82000000 R linux_banner
            ffffffff82400000 d counter
            ffffffff82600000 B jiffies
            ffffffff82600008 W arch_hook
            ffffffff82600010 V table
            """);
        Assert.Equal(
            [
                ("fixed_percpu_data", ElfSymbolType.None, ElfSymbolBinding.Global, SymbolPlace.Absolute),
                ("_text", ElfSymbolType.Function, ElfSymbolBinding.Global, SymbolPlace.Address),
                ("early_setup", ElfSymbolType.Function, ElfSymbolBinding.Local, SymbolPlace.Address),
                ("linux_banner", ElfSymbolType.Object, ElfSymbolBinding.Global, SymbolPlace.Address),
                ("counter", ElfSymbolType.Object, ElfSymbolBinding.Local, SymbolPlace.Address),
                ("jiffies", ElfSymbolType.Object, ElfSymbolBinding.Global, SymbolPlace.Address),
                ("arch_hook", null, ElfSymbolBinding.Weak, SymbolPlace.Address),
                ("table", ElfSymbolType.Object, ElfSymbolBinding.Weak, SymbolPlace.Address),
            ],
            symbols.Select(s => (s.Name, s.Type, s.Binding, s.Place)));
        Assert.Equal(0xffffffff82600008, symbols[6].Address);
        Assert.All(symbols, s => Assert.Null(s.Size));
        Assert.Empty(_notes.Warnings);
    }

    [Fact]
    public void KallsymsGivesModules()
    {
        CompanionSymbol[] symbols = Read("c0100000 T _stext\nbf000000 t init_module\t[ext4]\nbf000100 d __this_module\t[ext4]\n");
        Assert.Equal([null, "ext4", "ext4"], symbols.Select(s => s.Module));
        Assert.Equal(["_stext", "init_module", "__this_module"], symbols.Select(s => s.Name));
    }

    [Fact]
    public void HiddenAddressesAreSaidOnceAndNotTaken()
    {
        Assert.Empty(Read("0000000000000000 T _text\n0000000000000000 T startup\n0000000000000000 t x\t[m]\n"));
        Assert.Contains("kptr_restrict", Assert.Single(_notes.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void SizesOfNmAreTaken()
    {
        CompanionSymbol[] symbols = Read("""
                             U puts
                             w __gmon_start__
            0000000000001139 000000000000000b T main	/src/t.c:3
            0000000000004010 0000000000000004 B count	/src/t.c:1
            0000000000001150 T std::vector<int>::size() const
            """);
        Assert.Equal([null, null, 0xbul, 4ul, null], symbols.Select(s => s.Size));
        Assert.Equal([SymbolPlace.Undefined, SymbolPlace.Undefined, SymbolPlace.Address, SymbolPlace.Address, SymbolPlace.Address],
            symbols.Select(s => s.Place));
        Assert.Equal(("/src/t.c", 3), (symbols[2].File, symbols[2].Line));
        Assert.Equal("std::vector<int>::size() const", symbols[4].Name);
        Assert.Empty(_notes.Warnings);
    }

    [Fact]
    public void FilesBeforeAddressesArePassedOver()
    {
        CompanionSymbol[] symbols = Read("lib.a:t.o:0000000000001139 T main\nlib.a:t.o:                 U puts\n");
        Assert.Equal([("main", 0x1139ul), ("puts", 0ul)], symbols.Select(s => (s.Name, s.Address)));
    }

    [Fact]
    public void PosixNmIsRead()
    {
        CompanionSymbol[] symbols = Read("lib.a[t.o]:\nmain T 1139 b\ncount B 4010 4\nputs U         \nno size T 1150\n_edata D 4010 \n");
        Assert.Equal(
            [("main", 0x1139ul, 0xbul), ("count", 0x4010ul, 4ul), ("puts", 0ul, null), ("no size", 0x1150ul, null), ("_edata", 0x4010ul, (ulong?)null)],
            symbols.Select(s => (s.Name, s.Address, s.Size)));
        Assert.Empty(_notes.Warnings);
    }

    [Fact]
    public void SystemVNmIsReadWithItsSections()
    {
        CompanionSymbol[] symbols = Read("""


            Symbols from t:

            Name                  Value           Class        Type         Size             Line  Section

            main                |0000000000001139|   T  |              FUNC|000000000000000b|     |.text
            count               |0000000000004010|   B  |            OBJECT|0000000000000004|     |.bss
            puts                |                |   U  |            NOTYPE|                |     |*UND*
            """);
        Assert.Equal(
            [("main", 0x1139ul, 0xbul, ".text"), ("count", 0x4010ul, 4ul, ".bss"), ("puts", 0ul, null, (string?)null)],
            symbols.Select(s => (s.Name, s.Address, s.Size, s.Section)));
        Assert.Equal([ElfSymbolType.Function, ElfSymbolType.Object, ElfSymbolType.None], symbols.Select(s => s.Type));
        Assert.Empty(_notes.Warnings);
    }

    [Fact]
    public void CsvIsReadAsRfc4180HasIt()
    {
        CompanionSymbol[] symbols = Read(
            "Name,Address,Size,Type,Section,File,Line,TypeName\r\n"
            + "\"operator \"\"\"\", \"\"x\",0x1000,16,FUNC,.text,\"a,\r\nb.c\",7,\r\n"
            + "banner,4096,0x40,OBJECT,.rodata,,,char[64]\r\n"
            + "\r\n"
            + "tasks,8192,,D,,,,struct task *\r\n");
        Assert.Equal(["operator \"\", \"x", "banner", "tasks"], symbols.Select(s => s.Name));
        Assert.Equal([0x1000ul, 4096ul, 8192ul], symbols.Select(s => s.Address));
        Assert.Equal([16ul, 0x40ul, null], symbols.Select(s => s.Size));
        Assert.Equal(("a,\r\nb.c", 7, ".text"), (symbols[0].File, symbols[0].Line, symbols[0].Section));
        Assert.Equal([null, "char[64]", "struct task *"], symbols.Select(s => s.DataType));
        Assert.Equal([ElfSymbolType.Function, ElfSymbolType.Object, ElfSymbolType.Object], symbols.Select(s => s.Type));
        Assert.Empty(_notes.Warnings);
    }

    [Theory]
    [InlineData("Name;Value\nx;00001000\n", 0x1000)]
    [InlineData("Name\tVirtualAddress\nx\t1000\ny\tfff0\n", 0x1000)]
    [InlineData("name, ADDRESS\nx, 1000\n", 1000)]
    [InlineData("\"Symbol\",\"Address\"\n\"x\",\"0x1000\"\n", 0x1000)]
    [InlineData("#TYPE System.Management.Automation.PSCustomObject\n\"Name\",\"Address\"\n\"x\",\"12\"\n", 12)]
    public void SeparatorsNamesAndBasesOfCsvAreRecognised(string text, ulong address)
    {
        Assert.Equal(("x", address), Read(text).Select(s => (s.Name, s.Address)).First());
        Assert.Empty(_notes.Warnings);
    }

    [Fact]
    public void BadLinesAreCountedAndTheFirstIsNamed()
    {
        CompanionSymbol[] symbols = Read("c0000000 T a\nnonsense\nc0000010 Q b\nzzzz T c\nc0000020 T d\n");
        Assert.Equal(["a", "d"], symbols.Select(s => s.Name));
        string warning = Assert.Single(_notes.Warnings);
        Assert.Contains("line 2", warning, StringComparison.Ordinal);
        Assert.Contains("'nonsense'", warning, StringComparison.Ordinal);
        Assert.Contains("3 of them", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void BadRowsOfCsvAreCounted()
    {
        CompanionSymbol[] symbols = Read("Name,Address,Size\na,0x10,4\n,0x20,4\nb,,4\nc,0x30,many\nd,nowhere,1\n");
        Assert.Equal([("a", 4ul), ("c", (ulong?)null)], symbols.Select(s => (s.Name, s.Size)));
        Assert.Equal(3, _notes.Warnings.Count);
        Assert.Contains(_notes.Warnings, w => w.Contains("line 4", StringComparison.Ordinal) && w.Contains("2 of them", StringComparison.Ordinal));
    }

    [Fact]
    public void AnOpenQuoteIsSaid()
    {
        Read("Name,Address\n\"a,0x10\nb,0x20\n");
        Assert.Contains(_notes.Warnings, w => w.Contains("never closed", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatIsNoListIsAnError()
    {
        Throws.Error("SymbolFormatUnknown", () => Read("Once upon a time\nthere was a kernel.\n"));
        Throws.Error("SymbolFormatUnknown", () => Read(""));
        Throws.Error("SymbolColumnsMissing", () => Read("Name,Color\nx,red\n"));
        Throws.Error("SymbolColumnsMissing", () => SymbolReader.Read("a,b\n1,2\n", "text", SymbolFormat.Csv, _notes));
    }

    [Fact]
    public void ANamedFormatIsObeyed()
    {
        // As System.map a line of POSIX's is no symbol; nothing else is tried.
        Assert.Empty(SymbolReader.Read("main T 1139 b\n", "text", SymbolFormat.SystemMap, _notes));
        Assert.Single(_notes.Warnings);
    }

    private CompanionSymbol[] Read(string text) => [.. SymbolReader.Read(text, "text", SymbolFormat.Auto, _notes)];
}
