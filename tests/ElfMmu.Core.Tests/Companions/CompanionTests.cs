using ElfMmu.Companions;
using ElfMmu.Elf;
using ElfMmu.Elf.Symbols;
using ElfMmu.Elf.Writing;
using ElfMmu.Intervals;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Companions;

/// <summary>Companion files as other readers see them, and what goes into which section.</summary>
public sealed class CompanionTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SourceNotes _notes = new();

    public static TheoryData<ElfMachine, ElfClass, ByteOrder, int> Targets
    {
        get
        {
            var data = new TheoryData<ElfMachine, ElfClass, ByteOrder, int>();
            foreach (int version in new[] { 4, 5 })
            {
                data.Add(ElfMachine.X86_64, ElfClass.Elf64, ByteOrder.Little, version);
                data.Add(ElfMachine.I386, ElfClass.Elf32, ByteOrder.Little, version);
                data.Add(ElfMachine.Arm, ElfClass.Elf32, ByteOrder.Little, version);
                data.Add(ElfMachine.AArch64, ElfClass.Elf64, ByteOrder.Little, version);
                data.Add(ElfMachine.RiscV, ElfClass.Elf64, ByteOrder.Little, version);
                data.Add(ElfMachine.PowerPC, ElfClass.Elf32, ByteOrder.Big, version);
                data.Add(ElfMachine.PowerPC64, ElfClass.Elf64, ByteOrder.Big, version);
            }

            return data;
        }
    }

    private string Output => _folder.File("out.sym");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SymbolsGetTheSectionsOfTheirAddresses()
    {
        CompanionSummary summary = Export(
            "1000 T start\n1040 t helper\n2000 R table\n3000 D counter\n3008 b rest\n9000 A version\n8000 T lost\n         U puts\n",
            o => o with
            {
                CoreRanges =
                [
                    new CompanionRange(null, Interval.FromBounds(0x1000, 0x2000), Rights.Read | Rights.Execute),
                    new CompanionRange(null, Interval.FromBounds(0x2000, 0x3000), Rights.Read),
                    new CompanionRange(null, Interval.FromBounds(0x3000, 0x4000), Rights.Read | Rights.Write),
                    new CompanionRange(null, Interval.FromBounds(0x5000, 0x6000), Rights.Read | Rights.Write),
                ],
            });
        using ElfFile file = ElfFile.Open(Output);
        var model = ElfModel.Read(file);
        Assert.Equal(
            [(".text", 0x1000ul, 0x1000ul), (".rodata", 0x2000ul, 0x1000ul), (".data", 0x3000ul, 0x1000ul)],
            model.Sections.Where(s => s.Type == ElfSectionTypes.NoBits).Select(s => (s.Name, s.Address, s.Size)));
        Assert.Equal(
            [
                ("helper", 0x1040ul, 0xfc0ul, ".text"), ("rest", 0x3008ul, 0xff8ul, ".data"),
                ("start", 0x1000ul, 0x40ul, ".text"), ("table", 0x2000ul, 0x1000ul, ".rodata"), ("counter", 0x3000ul, 8ul, ".data"),
                ("version", 0x9000ul, 0ul, null), ("lost", 0x8000ul, 0x1000ul, null), ("puts", 0ul, 0ul, (string?)null),
            ],
            model.Symbols.Select(s => (s.Name, s.Value, s.Size, s.Section?.Name)));
        Assert.Equal(
            [ElfModelSymbolNumbers.Absolute, ElfModelSymbolNumbers.Absolute, ElfModelSymbolNumbers.Undefined],
            model.Symbols.Skip(5).Select(s => s.SectionIndex));
        Assert.Equal(ElfType.Executable, file.Header.Type);
        Assert.Contains(summary.Warnings, w => w.Contains("lost at 0x8000", StringComparison.Ordinal));
        Assert.Single(summary.Warnings);
        Assert.Equal((8, 3), (summary.Symbols, summary.Sections));
    }

    [Fact]
    public void FunctionsOutsideEverySectionAreDescribedToo()
    {
        CompanionSummary summary = Export(
            "00000ff0 T before\n00001000 D data\n00002000 t beside\n00003000 T first\n00003020 T second\n00003080 D value\n90000010 T far\n",
            o => o with
            {
                CoreRanges = [new CompanionRange(null, Interval.FromBounds(0x1000, 0x2000), Rights.Read | Rights.Write)],
                Dwarf = 5,
                Lines = [new CompanionLine(0x3010, "a.c", 7)],
                Frame = CompanionFrame.Leaf,
            });
        Assert.Equal((1, 5, 1), (summary.Sections, summary.Functions, summary.Lines));
        using ElfFile file = ElfFile.Open(Output);
        var model = ElfModel.Read(file);
        Assert.Equal(
            [("beside", 0x2000ul, 0x1000ul), ("before", 0xff0ul, 0x10ul), ("first", 0x3000ul, 0x20ul), ("second", 0x3020ul, 0x60ul), ("far", 0x90000010ul, 0xff0ul)],
            model.Symbols.Where(s => s.Type == (byte)ElfSymbolType.Function).Select(s => (s.Name, s.Value, s.Size)));
        Assert.Contains(".debug_frame", model.Sections.Select(s => s.Name));
    }

    [Fact]
    public void SymbolsThatAreAllOutsideOfTheCoreGetSectionsAndAWarning()
    {
        CompanionSummary summary = Export("00003000 T first\n00003020 T second\n", o => o with
        {
            CoreRanges = [new CompanionRange(null, Interval.FromBounds(0x1000, 0x2000), Rights.Read | Rights.Execute)],
        });
        Assert.Equal([(".text", 0x3000ul, 0x21ul)], Sections().Select(s => (s.Name, s.Address, s.Size)));
        Assert.Contains("first at 0x3000", Assert.Single(summary.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void AddressesThatMipsExtendedByTheirSignAreNarrowed()
    {
        Export("ffffffff80100000 T main\n", o => o with
        {
            Target = CompanionTarget.For(ElfMachine.Mips, ElfClass.Elf32, ByteOrder.Big),
            Dwarf = 4,
            Lines = [new CompanionLine(0xffffffff80100000, "a.c", 7)],
        });
        using ElfFile file = ElfFile.Open(Output);
        Assert.Equal(0x80100000ul, Assert.Single(ElfModel.Read(file).Symbols).Value);
        Assert.Equal("SymbolAddressTooLarge", Assert.Throws<ElfMmuException>(() => Export("ffffffff70100000 T main\n", o => o with
        {
            Target = CompanionTarget.For(ElfMachine.Mips, ElfClass.Elf32, ByteOrder.Big),
        })).ErrorId);
    }

    [Fact]
    public void WithoutACoreSectionsAreMadeOfTheSymbols()
    {
        Export("00001000 T a\n00001010 t b\n00002000 D c\n00002008 D d\n80000000 T e\n80000020 T f\n");
        Assert.Equal(
            [(".text", 0x1000ul, 0x1000ul), (".data", 0x2000ul, 9ul), (".text.1", 0x80000000ul, 0x21ul)],
            Sections().Select(s => (s.Name, s.Address, s.Size)));
    }

    [Fact]
    public void GivenSectionsGoBeforeTheCores()
    {
        Export("1000 T a\n1800 D b\n", o => o with
        {
            Sections = [CompanionRangeText.Parse("boot=0x1000-0x1100:rx"), CompanionRangeText.Parse(".mine=0x7000+0x10")],
            CoreRanges = [new CompanionRange(null, Interval.FromBounds(0x1000, 0x2000), Rights.Read | Rights.Write)],
        });
        Assert.Equal(["boot", ".mine", ".data"], Sections().Select(s => s.Name));
        using ElfFile file = ElfFile.Open(Output);
        Assert.Equal(["boot", ".data"], ElfModel.Read(file).Symbols.Select(s => s.Section!.Name));
    }

    [Fact]
    public void OfSectionsThatOverlapTheInnerOneHasTheSymbol()
    {
        Export("1000 T a\n1500 T b\n2000 T c\n4000 T d\n", o => o with
        {
            Sections = [CompanionRangeText.Parse("inner=0x1400-0x1800:rx"), CompanionRangeText.Parse("outer=0x1000-0x3000:rx")],
        });
        using ElfFile file = ElfFile.Open(Output);
        Assert.Equal(["outer", "inner", "outer", null], ElfModel.Read(file).Symbols.Select(s => s.Section?.Name));
    }

    [Fact]
    public void SectionsThatSymbolsNameAreMade()
    {
        Export("Name,Address,Size,Section,Type\nmain,0x1000,16,.text,FUNC\nend,0x1100,0,.text,NOTYPE\ncount,0x4000,4,.bss,OBJECT\nlimit,0x99,,ABS,\n");
        Assert.Equal([(".text", 0x101ul), (".bss", 4ul)], Sections().Select(s => (s.Name, s.Size)));
    }

    [Fact]
    public void ATypeThatFailsIsAWarning()
    {
        CompanionSummary summary = Export(
            "Name,Address,Section,DataType\nx,0x1000,.data,struct { int a; nobody b; }\n",
            o => o with { Dwarf = 5, Types = [new CompanionTypes("text", "#define SIZE sizeof(struct t { int a; nobody b; })\n")] });
        Assert.Contains("nobody", Assert.Single(summary.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void SameSymbolsBecomeOneAndSameNamesStay()
    {
        CompanionSummary summary = Export("1000 t init\n1000 T init\n1020 t init\n1000 T alias\n");
        Assert.Equal(3, summary.Symbols);
        using ElfFile file = ElfFile.Open(Output);
        Assert.Equal(
            [("init", 0x1020ul, 0), ("init", 0x1000ul, 1), ("alias", 0x1000ul, 1)],
            ElfModel.Read(file).Symbols.Select(s => (s.Name, s.Value, (int)s.Binding)));
    }

    [Fact]
    public void MappingSymbolsDontCutFunctions()
    {
        Export("8000 T f\n8010 t $d\n8020 T g\n", o => o with { Target = CompanionTarget.For(ElfMachine.Arm, null, null) });
        using ElfFile file = ElfFile.Open(Output);
        Assert.Equal(0x20ul, ElfModel.Read(file).Symbols.Single(s => s.Name == "f").Size);
    }

    [Fact]
    public void SizesAreLeftAloneWhenAsked()
    {
        Export("1000 T a\n1010 T b\n", o => o with { InferSizes = false });
        using ElfFile file = ElfFile.Open(Output);
        Assert.All(ElfModel.Read(file).Symbols, s => Assert.Equal(0ul, s.Size));
    }

    [Fact]
    public void ThumbSetsTheLowestBitOfFunctionsOnly()
    {
        Export("8000 T f\n8010 D d\n8021 T g\n", o => o with { Target = CompanionTarget.For(ElfMachine.Arm, null, null), Thumb = true });
        using ElfFile file = ElfFile.Open(Output);
        Assert.Equal([0x8001ul, 0x8010ul, 0x8021ul], ElfModel.Read(file).Symbols.Select(s => s.Value));
    }

    [Fact]
    public void AddressesBeyondThirtyTwoBitsAreAnErrorWithTheName()
    {
        ElfMmuException e = Throws.Error("SymbolAddressTooLarge", () => Export(
            "ffffffff81000000 T startup_64\n", o => o with { Target = CompanionTarget.For(ElfMachine.I386, null, null) }));
        Assert.Contains("startup_64", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Output));
    }

    [Fact]
    public void NothingIsWrittenOfNothing()
    {
        Throws.Error("NothingToExport", () => CompanionExporter.Export([], Options(), _notes));
        Throws.Error("CompanionNeedsDwarf", () => Export("1000 T a\n", o => o with { Frame = CompanionFrame.Leaf }));
        Throws.Error("TargetIncomplete", () => CompanionTarget.For(ElfMachine.Mips, null, null));
    }

    [Fact]
    public void AnExistingFileStaysWhenAskedAndAnInputAlways()
    {
        string map = _folder.Write("System.map", "1000 T a\n");
        File.WriteAllText(Output, "old");
        Throws.Error("OutputExists", () => Export("1000 T a\n", o => o with { NoClobber = true }));
        Throws.Error("OutputIsInput", () => Export("1000 T a\n", o => o with { Path = map, Inputs = [map] }));
        Assert.Equal("old", File.ReadAllText(Output));
        Assert.Equal("1000 T a\n", File.ReadAllText(map));
    }

    [Fact]
    public void ACoreGivesMachineAndRanges()
    {
        using ElfFile core = ElfFile.Open(MadeCore());
        CompanionTarget target = CompanionTarget.Of(core.Header);
        Assert.Equal((ElfMachine.PowerPC, ElfClass.Elf32, ElfData.BigEndian, 7u), (target.Machine, target.Class, target.Data, target.Flags));

        // The first two have the same rights and touch.
        Assert.Equal(
            [(0x1000ul, 0x2fffUL, Rights.Read | Rights.Execute), (0x3000ul, 0x3fffUL, Rights.Read | Rights.Write)],
            CompanionRange.Of(core).Select(r => (r.Addresses.Start, r.Addresses.Last, r.Rights)));
    }

    [ToolTheory("readelf", "eu-elflint")]
    [MemberData(nameof(Targets))]
    public void ReadersHaveNothingToSay(ElfMachine machine, ElfClass width, ByteOrder order, int version)
    {
        CompanionSummary summary = ExportDebug(machine, width, order, version);
        Assert.Equal((version, 2, 3, 4), (summary.Dwarf, summary.Variables, summary.Functions, summary.Lines));
        foreach (string[] command in new[]
        {
            new[] { "readelf", "-aW", Output },
            ["readelf", "-W", "--debug-dump=info,abbrev,line,decodedline,frames,aranges,Ranges", Output],
            ["eu-elflint", "-d", "--gnu-ld", Output],
        })
        {
            ToolResult result = Tools.Run(command[0], command[1..]);
            Assert.Equal("", result.Errors);
            Assert.Equal(0, result.ExitCode);
            Assert.DoesNotContain("warning", result.Output, StringComparison.OrdinalIgnoreCase);
        }
    }

    [ToolTheory("llvm-dwarfdump")]
    [MemberData(nameof(Targets))]
    public void TheDebugInformationIsVerified(ElfMachine machine, ElfClass width, ByteOrder order, int version)
    {
        ExportDebug(machine, width, order, version);
        ToolResult result = Tools.Run("llvm-dwarfdump", "--verify", Output);
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        Assert.Contains("No errors.", result.Output, StringComparison.Ordinal);
    }

    private CompanionSummary ExportDebug(ElfMachine machine, ElfClass width, ByteOrder order, int version) => Export(
        """
        Name,Address,Size,Type,File,Line,DataType,Frame
        start,0x1000,0x40,FUNC,boot.c,3,,leaf
        alias,0x1000,0x40,FUNC,,,,
        work,0x1040,0x40,FUNC,boot.c,10,,
        other,0x1080,0x40,FUNC,,,,
        tasks,0x3000,,,boot.c,1,struct task *[4],
        name,0x3100,,,,,char[16],
        unknown,0x3200,4,,,,struct nobody,
        """,
        o => o with
        {
            Target = CompanionTarget.For(machine, width, order),
            Dwarf = version,
            Types = [new CompanionTypes("text", "struct task { int id; struct task *next; char name[8]; };")],
            Constants = [new("PAGE_SIZE", 4096), new("BAD", -1)],
            Lines = [new(0x1040, "boot.c", 10), new(0x1050, "boot.c", 12), new(0x1080, "more.c", 1)],
            Frame = CompanionFrame.FramePointer,
            PrologueSize = 8,
            FrameSize = 32,
        });

    private string MadeCore()
    {
        var model = new ElfModel
        {
            Class = ElfClass.Elf32,
            Data = ElfData.BigEndian,
            Type = ElfType.Core,
            Machine = ElfMachine.PowerPC,
            Flags = 7,
        };
        foreach ((uint address, ElfSegmentFlags flags) in new[]
        {
            (0x2000u, ElfSegmentFlags.Read | ElfSegmentFlags.Execute),
            (0x1000u, ElfSegmentFlags.Read | ElfSegmentFlags.Execute),
            (0x3000u, ElfSegmentFlags.Read | ElfSegmentFlags.Write),
        }.OrderBy(s => s.Item1))
        {
            model.Segments.Add(new ElfModelSegment(ElfSegmentType.Load, flags)
            {
                Offset = 0x1000,
                VirtualAddress = address,
                FileSize = 0,
                MemorySize = 0x1000,
            });
        }

        return _folder.Write("core", model.ToArray());
    }

    private ElfModelSection[] Sections()
    {
        using ElfFile file = ElfFile.Open(Output);
        return [.. ElfModel.Read(file).Sections.Where(s => s.Type == ElfSectionTypes.NoBits)];
    }

    private CompanionOptions Options() => new() { Path = Output, Target = CompanionTarget.For(ElfMachine.X86_64, null, null) };

    private CompanionSummary Export(string text, Func<CompanionOptions, CompanionOptions>? change = null)
    {
        IReadOnlyList<CompanionSymbol> symbols = SymbolReader.Read(text, "text", SymbolFormat.Auto, _notes);
        return CompanionExporter.Export(symbols, change?.Invoke(Options()) ?? Options(), _notes);
    }
}
