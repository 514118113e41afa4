using ElfMmu.Elf;
using ElfMmu.Elf.Writing;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf.Writing;

/// <summary>Where the layout puts what has no place of its own, and what it refuses.</summary>
public sealed class ElfModelLayoutTests
{
    public static TheoryData<ElfClass, ElfData> Formats => ElfSamples.Formats;

    [Theory]
    [MemberData(nameof(Formats))]
    public void An_executable_is_congruent_and_sound(ElfClass elfClass, ElfData data)
    {
        byte[] bytes = Executable(elfClass, data).ToArray();
        using ElfFile file = Open(bytes);
        Assert.Empty(file.Header.Warnings);
        Assert.Equal((ulong)ElfEncoder.HeaderSize(elfClass), file.Header.ProgramHeaderOffset);
        Assert.Equal(
            (ulong)bytes.Length,
            file.Header.SectionHeaderOffset + (file.Header.SectionHeaderCount * (ulong)ElfEncoder.SectionHeaderSize(elfClass)));
        foreach (ElfProgramHeader segment in file.ProgramHeaders)
        {
            Assert.Equal(segment.VirtualAddress % segment.Alignment, segment.Offset % segment.Alignment);
            Assert.True(segment.FileSize <= segment.MemorySize);
        }

        // Code, data and what is zero at the start, by virtual address.
        Assert.True(file.TryLocate(0x10100, out ulong offset, out _));
        Assert.Equal(0xaa, bytes[offset]);
        Assert.True(file.TryLocate(0x12200, out offset, out ulong available));
        Assert.Equal((0xbb, 5ul), (bytes[offset], available));
        Assert.Equal((5ul, 0x105ul), (file.ProgramHeaders[2].FileSize, file.ProgramHeaders[2].MemorySize));
        Assert.Equal(0x10000ul + file.Header.ProgramHeaderOffset, file.ProgramHeaders[0].VirtualAddress);

        ElfModel read = ElfModel.Read(file);
        Assert.Equal(["first", "main", "last"], read.Symbols.Select(s => s.Name));
        Assert.True(bytes.AsSpan().SequenceEqual(read.ToArray()));
    }

    [ToolTheory("readelf", "eu-elflint", "objdump")]
    [MemberData(nameof(Formats))]
    public void Tools_accept_an_executable_of_either_class_and_order(ElfClass elfClass, ElfData data)
    {
        using var folder = new TempFolder();
        string path = folder.Write("elf", Executable(elfClass, data).ToArray());
        ToolResult readelf = Tools.Run("readelf", "-aW", path);
        Assert.Equal("", readelf.Errors);
        Assert.Contains("main", readelf.Output, StringComparison.Ordinal);
        Assert.Equal("No errors", Tools.Run("eu-elflint", "--gnu-ld", path).Output.Trim());
        ToolResult objdump = Tools.Run("objdump", "-hp", path);
        if (!objdump.Errors.Contains("format not recognized", StringComparison.Ordinal))
        {
            Assert.Equal("", objdump.Errors);
        }
    }

    [ToolTheory("gdb-multiarch")]
    [InlineData(ElfClass.Elf32, ElfData.LittleEndian, ElfMachine.Arm)]
    [InlineData(ElfClass.Elf32, ElfData.BigEndian, ElfMachine.Mips)]
    [InlineData(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.AArch64)]
    [InlineData(ElfClass.Elf64, ElfData.BigEndian, ElfMachine.PowerPC64)]
    [InlineData(ElfClass.Elf64, ElfData.BigEndian, ElfMachine.S390)]
    public void A_debugger_reads_symbols_and_memory(ElfClass elfClass, ElfData data, ElfMachine machine)
    {
        using var folder = new TempFolder();
        ElfModel model = Executable(elfClass, data);
        model.Machine = machine;
        string path = folder.Write("elf", model.ToArray());
        ToolResult gdb = Tools.Run("gdb-multiarch", "-nx", "-batch", "-ex", "info symbol 0x10102", "-ex", "output/x *(unsigned char *)0x12200", path);
        Assert.Contains("main + 2 in section .text", gdb.Output, StringComparison.Ordinal);
        Assert.EndsWith("0xbb", gdb.Output.Trim(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Names_share_their_ends(ElfClass elfClass, ElfData data)
    {
        ElfModel model = Relocatable(elfClass, data);
        int shared = model.ToArray().Length;
        using (ElfFile file = Open(model.ToArray()))
        {
            Assert.Equal(["", ".text", ".rela.text", ".symtab", ".strtab", ".shstrtab"], Enumerable.Range(0, 6).Select(file.SectionName).Order(new Wanted()));
        }

        model.SharesNames = false;
        Assert.True(model.ToArray().Length >= shared);
    }

    [Fact]
    public void More_sections_than_a_field_counts_are_numbered_elsewhere()
    {
        const int Many = 70_000;
        var model = new ElfModel { Type = ElfType.Relocatable, Machine = ElfMachine.X86_64 };
        for (int i = 0; i < Many; i++)
        {
            model.Sections.Add(new ElfModelSection(".s" + i) { Content = new byte[] { (byte)i } });
        }

        foreach (int at in new[] { 0, 0xfefe, 0xfeff, 0xff00, 0xfff0, 0xffff, Many - 1 })
        {
            model.Symbols.Add(new ElfModelSymbol("in" + at, 0, model.Sections[at]) { Binding = 1 });
        }

        model.Symbols.Add(new ElfModelSymbol("absolute", 7) { Binding = 1 });
        byte[] bytes = model.ToArray();
        using ElfFile file = Open(bytes);
        Assert.Empty(file.Header.Warnings);
        Assert.Equal((ushort)0, file.Header.SectionHeaderCountField);
        Assert.Equal(Many + 5ul, file.Header.SectionHeaderCount);
        Assert.Equal(ElfHeader.ExtendedSectionIndex, file.Header.SectionNameIndexField);
        Assert.Equal(".shstrtab", file.SectionName((int)file.Header.SectionNameIndex));
        Assert.Equal(".s69999", file.SectionName(Many));
        ElfModel read = ElfModel.Read(file);
        Assert.Equal(
            [.. model.Symbols.Select(s => (s.Name, s.Section?.Name))],
            read.Symbols.Select(s => (s.Name, s.Section?.Name)));
        Assert.True(bytes.AsSpan().SequenceEqual(read.ToArray()));
    }

    [ToolFact("readelf")]
    public void Readelf_follows_extended_numbers()
    {
        var model = new ElfModel { Type = ElfType.Relocatable, Machine = ElfMachine.X86_64 };
        for (int i = 0; i < 65_400; i++)
        {
            model.Sections.Add(new ElfModelSection(".s" + i) { Content = new byte[] { (byte)i } });
        }

        model.Symbols.Add(new ElfModelSymbol("far_away", 0, model.Sections[^1]) { Binding = 1 });
        using var folder = new TempFolder();
        ToolResult readelf = Tools.Run("readelf", "-sW", folder.Write("many.o", model.ToArray()));
        Assert.Equal("", readelf.Errors);
        Assert.Contains("65400 far_away", readelf.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void More_segments_than_a_field_counts_are_counted_in_section_0()
    {
        const int Many = 65_535;
        var model = new ElfModel { Type = ElfType.Core, Machine = ElfMachine.X86_64 };
        for (uint i = 0; i < Many; i++)
        {
            model.Segments.Add(new ElfModelSegment(ElfSegmentType.Load) { VirtualAddress = i * 0x1000ul, MemorySize = 0x1000 });
        }

        byte[] bytes = model.ToArray();
        using ElfFile file = Open(bytes);
        Assert.Empty(file.Header.Warnings);
        Assert.Equal((ElfHeader.ExtendedProgramHeaderCount, (ulong)Many, 1ul),
            (file.Header.ProgramHeaderCountField, file.Header.ProgramHeaderCount, file.Header.SectionHeaderCount));
        Assert.Equal(65_534 * 0x1000ul, file.ProgramHeaders[^1].VirtualAddress);
        Assert.True(bytes.AsSpan().SequenceEqual(ElfModel.Read(file).ToArray()));
    }

    [Fact]
    public void A_32_bit_file_refuses_what_is_too_large()
    {
        ElfModel Model(Action<ElfModel> change)
        {
            ElfModel model = Relocatable(ElfClass.Elf32, ElfData.LittleEndian);
            change(model);
            return model;
        }

        foreach (Action<ElfModel> change in new Action<ElfModel>[]
        {
            m => m.EntryPoint = 1ul << 32,
            m => m.Sections[0].Address = 1ul << 32,
            m => m.Sections[0].Flags = 1ul << 32,
            m => m.Symbols[0].Value = 1ul << 32,
            m => m.Symbols[0].Size = 1ul << 32,
            m => m.Symbols[0].Type = 16,
            m => m.Relocations[0].Type = 256,
            m => m.Relocations[0].Offset = 1ul << 32,
            m => m.Relocations[0].Addend = 1L << 32,
            m => m.Segments.Add(new ElfModelSegment(ElfSegmentType.Load) { MemorySize = 1ul << 32 }),
        })
        {
            Throws.Error("ElfValueTooLarge", () => Model(change).ToArray());
        }
    }

    [Fact]
    public void What_isnt_in_the_model_cant_be_named()
    {
        var stranger = new ElfModelSection(".other");
        foreach (Action<ElfModel> change in new Action<ElfModel>[]
        {
            m => m.Symbols[0].Section = stranger,
            m => m.Sections[0].LinkedSection = stranger,
            m => m.Sections[0].InfoSection = stranger,
            m => m.SectionNames = stranger,
            m => m.Relocations[0].Section = stranger,
            m => m.Relocations[0].Symbol = new ElfModelSymbol("other"),
            m => m.Segments.Add(new ElfModelSegment(ElfSegmentType.Note, ElfSegmentFlags.Read, stranger)),
            m => m.Sections.Add(m.Sections[0]),
            m => m.Symbols.Add(m.Symbols[0]),
            m => m.Symbols[0].Name = "a\0b",
            m => m.Class = ElfClass.None,
            m => m.AddsTables = false,
            m => m.Notes.Add(new ElfModelNote(stranger, "x", 1, default)),
        })
        {
            ElfModel model = Relocatable(ElfClass.Elf64, ElfData.LittleEndian);
            change(model);
            Throws.Error("ElfModelInvalid", () => model.ToArray());
        }
    }

    [Fact]
    public void A_note_of_Go_ends_with_two_nuls()
    {
        ElfModel model = Executable(ElfClass.Elf64, ElfData.LittleEndian);
        model.Notes.Clear();
        model.Sections[0].Content = new byte[] { 4, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, (byte)'G', (byte)'o', 0, 0, 1, 2, 3, 4 };
        byte[] bytes = model.ToArray();
        using ElfFile file = Open(bytes);
        ElfModel read = ElfModel.Read(file);
        Assert.Equal("Go\0", Assert.Single(read.Notes).Name);
        Assert.True(bytes.AsSpan().SequenceEqual(read.ToArray()));
        read.Notes[0].Name = "\u0100";
        Throws.Error("ElfModelInvalid", () => read.ToArray());
    }

    [Fact]
    public void Two_parts_cant_have_the_same_bytes_unless_they_agree()
    {
        ElfModel Model(byte other) => new()
        {
            Sections =
            {
                new ElfModelSection(".a") { Offset = 0x100, Content = new byte[] { 1, 2, 3, 4 } },
                new ElfModelSection(".b") { Offset = 0x102, Content = new byte[] { 3, other, 5 } },
            },
        };

        byte[] bytes = Model(4).ToArray();
        Assert.Equal([1, 2, 3, 4, 5], bytes[0x100..0x105]);
        Throws.Error("ElfSectionsOverlap", () => Model(9).ToArray());
        ElfModel header = Model(4);
        header.Sections[0].Offset = 3;
        Throws.Error("ElfSectionsOverlap", () => header.ToArray());
    }

    [Fact]
    public void Sections_of_a_segment_come_by_address()
    {
        ElfModel model = Executable(ElfClass.Elf64, ElfData.LittleEndian);
        model.Sections[1].Address = 0x100f0;
        Throws.Error("ElfSectionsOutOfOrder", () => model.ToArray());
    }

    [Fact]
    public void Writing_needs_no_seeking_and_says_how_much()
    {
        ElfModel model = Executable(ElfClass.Elf64, ElfData.BigEndian);
        using var inner = new MemoryStream();
        using var stream = new System.IO.Compression.DeflateStream(inner, System.IO.Compression.CompressionLevel.Fastest);
        Assert.False(stream.CanSeek);
        Assert.Equal(model.ToArray().Length, model.Write(stream));
    }

    [Fact]
    public void A_symbol_is_added_to_a_file_that_has_none_and_to_one_that_has_some()
    {
        ElfModel model = Executable(ElfClass.Elf64, ElfData.LittleEndian);
        model.Symbols.Clear();
        byte[] stripped = model.ToArray();
        using ElfFile file = Open(stripped);
        ElfModel read = ElfModel.Read(file);
        Assert.Empty(read.Symbols);
        read.AddsTables = true;
        read.SectionHeaderOffset = null;
        read.SectionNames!.Offset = null;
        read.Symbols.Add(new ElfModelSymbol("added", 0x10100, read.Sections[1]) { Binding = 1 });
        using ElfFile more = Open(read.ToArray());
        Assert.Empty(more.Header.Warnings);
        ElfModel again = ElfModel.Read(more);
        Assert.Equal("added", Assert.Single(again.Symbols).Name);
        Assert.True(more.TryLocate(0x12200, out ulong offset, out _));
        Assert.True(file.TryLocate(0x12200, out ulong before, out _));
        Assert.Equal(before, offset);

        foreach (ElfModelSection section in again.Sections.Where(s => s.Flags == 0))
        {
            section.Offset = null;
        }

        again.SectionHeaderOffset = null;
        again.Symbols.Add(new ElfModelSymbol("local", 1, again.Sections[0]));
        using ElfFile most = Open(again.ToArray());
        Assert.Equal(["local", "added"], ElfModel.Read(most).Symbols.Select(s => s.Name));
    }

    /// <summary>An executable as a linker leaves it: headers and code, data, memory; a note.</summary>
    internal static ElfModel Executable(ElfClass elfClass, ElfData data)
    {
        const ulong Alloc = ElfSectionFlags.Alloc;
        var note = new ElfModelSection(".note.gnu.build-id", ElfSectionTypes.Note) { Flags = Alloc, Address = elfClass == ElfClass.Elf64 ? 0x100e8ul : 0x100b4, Alignment = 4 };
        var text = new ElfModelSection(".text") { Flags = Alloc | ElfSectionFlags.Execute, Address = 0x10100, Alignment = 16, Content = new byte[] { 0xaa, 1, 2, 3 } };
        var initialized = new ElfModelSection(".data") { Flags = Alloc | ElfSectionFlags.Write, Address = 0x12200, Alignment = 8, Content = new byte[] { 0xbb, 1, 2, 3, 4 } };
        var zero = new ElfModelSection(".bss", ElfSectionTypes.NoBits) { Flags = Alloc | ElfSectionFlags.Write, Address = 0x12208, Alignment = 8, Size = 0xfd };
        var model = new ElfModel
        {
            Class = elfClass,
            Data = data,
            Type = ElfType.Executable,
            Machine = elfClass == ElfClass.Elf64 ? ElfMachine.PowerPC64 : ElfMachine.PowerPC,
            EntryPoint = 0x10100,
            Sections = { note, text, initialized, zero },
            Segments =
            {
                new ElfModelSegment(ElfSegmentType.ProgramHeaderTable, ElfSegmentFlags.Read) { Alignment = 4 },
                new ElfModelSegment(ElfSegmentType.Load, ElfSegmentFlags.Read | ElfSegmentFlags.Execute, note, text) { IncludesHeaders = true },
                new ElfModelSegment(ElfSegmentType.Load, ElfSegmentFlags.Read | ElfSegmentFlags.Write, initialized, zero),
            },
            Notes = { new ElfModelNote(note, "GNU", 3, new byte[] { 1, 2, 3, 4 }) },
            Symbols =
            {
                new ElfModelSymbol("main", 0x10100, text) { Type = ElfModelSymbolNumbers.Function, Size = 4, Binding = ElfModelSymbolNumbers.Global },
                new ElfModelSymbol("first", 0x12200, initialized) { Type = ElfModelSymbolNumbers.Object, Size = 5 },
                new ElfModelSymbol("last", 0x12305, zero) { Binding = ElfModelSymbolNumbers.Weak },
            },
        };
        return model;
    }

    private static ElfModel Relocatable(ElfClass elfClass, ElfData data)
    {
        var text = new ElfModelSection(".text") { Flags = 6, Alignment = 4, Content = new byte[8] };
        var symbol = new ElfModelSymbol("_start", 0, text) { Binding = 1 };
        return new ElfModel
        {
            Class = elfClass,
            Data = data,
            Type = ElfType.Relocatable,
            Machine = ElfMachine.PowerPC,
            Sections = { text },
            Symbols = { symbol, new ElfModelSymbol("__bss_start", 1, text) { Binding = 1 } },
            Relocations = { new ElfModelRelocation(text, 4, 1, symbol, -4) },
        };
    }

    private static ElfFile Open(byte[] bytes) => ElfFile.Open(new ElfMemoryInput(bytes), new ElfFileSource("/none"));

    // The order in which the layout adds tables is its own business.
    private sealed class Wanted : IComparer<string>
    {
        private static readonly List<string> Order = ["", ".text", ".rela.text", ".symtab", ".strtab", ".shstrtab"];

        public int Compare(string? x, string? y) => Order.IndexOf(x!).CompareTo(Order.IndexOf(y!));
    }
}
