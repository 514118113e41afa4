using ElfMmu.Elf;
using ElfMmu.Elf.Writing;

namespace ElfMmu.Tests.Elf.Writing;

/// <summary>
/// The classic first program of x86-64 as an assembler and a linker leave it: two instructions' worth of system calls, one string, one relocation.
/// The bytes are written down by hand from the specification (gABI chapters 4 and 5, the AMD64 supplement for R_X86_64_64).
/// </summary>
internal static class HelloWorld
{
    /// <summary>What an assembler is given.</summary>
    public const string Source = """
        section .data
            hello_world db "Hello world!", 10
            hello_world_len  equ $ - hello_world
        section .text
            global _start
            _start:
                mov rax, 1
                mov rdi, 1
                mov rsi, hello_world
                mov rdx, hello_world_len
                syscall
                mov rax, 60
                mov rdi, 0
                syscall
        """;

    private const string TextBefore = """
        b8 01 00 00 00                  mov eax, 1: write
        bf 01 00 00 00                  mov edi, 1: standard output
        48 be                           mov rsi, imm64
        """;

    private const string TextBehind = """
        ba 0d 00 00 00                  mov edx, 13
        0f 05                           syscall
        b8 3c 00 00 00                  mov eax, 60: exit
        bf 00 00 00 00                  mov edi, 0
        0f 05                           syscall
        """;

    private const string Data = "48 65 6c 6c 6f 20 77 6f 72 6c 64 21 0a  Hello world!, line feed";

    /// <summary>The object file.</summary>
    public static byte[] Object => Bytes($"""
        7f 45 4c 46                     magic
        02 01 01                        ELFCLASS64, ELFDATA2LSB, EV_CURRENT
        00 00                           ELFOSABI_NONE, version 0
        00 00 00 00 00 00 00            padding
        01 00                           e_type ET_REL
        3e 00                           e_machine EM_X86_64
        01 00 00 00                     e_version
        00 00 00 00 00 00 00 00         e_entry
        00 00 00 00 00 00 00 00         e_phoff
        40 00 00 00 00 00 00 00         e_shoff
        00 00 00 00                     e_flags
        40 00                           e_ehsize
        00 00 00 00                     e_phentsize, e_phnum
        40 00 07 00 03 00               e_shentsize, e_shnum, e_shstrndx
        {Section(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)}
        {Section(0x01, 1, 3, 0, 0x200, 0x0d, 0, 0, 4, 0)}
        {Section(0x07, 1, 6, 0, 0x210, 0x27, 0, 0, 16, 0)}
        {Section(0x0d, 3, 0, 0, 0x240, 0x32, 0, 0, 1, 0)}
        {Section(0x17, 2, 0, 0, 0x280, 0xa8, 5, 6, 8, 0x18)}
        {Section(0x1f, 3, 0, 0, 0x330, 0x34, 0, 0, 1, 0)}
        {Section(0x27, 4, 0, 0, 0x370, 0x18, 4, 2, 8, 0x18)}
        {Data}
        00 00 00                        up to 0x210
        {TextBefore}
        00 00 00 00 00 00 00 00         hello_world, for the linker to fill in
        {TextBehind}
        00 00 00 00 00 00 00 00 00      up to 0x240
        00                              .shstrtab: no name
        2e 64 61 74 61 00               0x01 .data
        2e 74 65 78 74 00               0x07 .text
        2e 73 68 73 74 72 74 61 62 00   0x0d .shstrtab
        2e 73 79 6d 74 61 62 00         0x17 .symtab
        2e 73 74 72 74 61 62 00         0x1f .strtab
        2e 72 65 6c 61 2e 74 65 78 74 00  0x27 .rela.text
        00 00 00 00 00 00 00 00 00 00 00 00 00 00  up to 0x280
        {Symbol(0, 0, 0, 0)}
        {Symbol(0x01, 4, 0xfff1, 0)}
        {Symbol(0, 3, 1, 0)}
        {Symbol(0, 3, 2, 0)}
        {Symbol(0x11, 0, 1, 0)}
        {Symbol(0x1d, 0, 0xfff1, 13)}
        {Symbol(0x2d, 0x10, 2, 0)}
        00 00 00 00 00 00 00 00         up to 0x330
        00                              .strtab: no name
        68 65 6c 6c 6f 5f 77 6f 72 6c 64 2e 61 73 6d 00  0x01 hello_world.asm
        68 65 6c 6c 6f 5f 77 6f 72 6c 64 00  0x11 hello_world
        68 65 6c 6c 6f 5f 77 6f 72 6c 64 5f 6c 65 6e 00  0x1d hello_world_len
        5f 73 74 61 72 74 00            0x2d _start
        00 00 00 00 00 00 00 00 00 00 00 00  up to 0x370
        0c 00 00 00 00 00 00 00         r_offset: the immediate of mov rsi
        01 00 00 00 02 00 00 00         r_info: R_X86_64_64 with symbol 2, .data
        00 00 00 00 00 00 00 00         r_addend
        00 00 00 00 00 00 00 00         up to 0x390
        """);

    /// <summary>The executable, linked with code and headers in one segment.</summary>
    public static byte[] Executable => Bytes($"""
        7f 45 4c 46                     magic
        02 01 01                        ELFCLASS64, ELFDATA2LSB, EV_CURRENT
        00 00                           ELFOSABI_NONE, version 0
        00 00 00 00 00 00 00            padding
        02 00                           e_type ET_EXEC
        3e 00                           e_machine EM_X86_64
        01 00 00 00                     e_version
        b0 00 40 00 00 00 00 00         e_entry: _start
        40 00 00 00 00 00 00 00         e_phoff
        18 02 00 00 00 00 00 00         e_shoff
        00 00 00 00                     e_flags
        40 00                           e_ehsize
        38 00 02 00                     e_phentsize, e_phnum
        40 00 06 00 05 00               e_shentsize, e_shnum, e_shstrndx
        01 00 00 00 05 00 00 00         PT_LOAD, R E
        00 00 00 00 00 00 00 00         p_offset
        00 00 40 00 00 00 00 00         p_vaddr
        00 00 40 00 00 00 00 00         p_paddr
        d7 00 00 00 00 00 00 00         p_filesz: headers and .text
        d7 00 00 00 00 00 00 00         p_memsz
        00 10 00 00 00 00 00 00         p_align
        01 00 00 00 06 00 00 00         PT_LOAD, RW
        d8 00 00 00 00 00 00 00         p_offset
        d8 10 40 00 00 00 00 00         p_vaddr
        d8 10 40 00 00 00 00 00         p_paddr
        0d 00 00 00 00 00 00 00         p_filesz
        0d 00 00 00 00 00 00 00         p_memsz
        00 10 00 00 00 00 00 00         p_align
        {TextBefore}
        d8 10 40 00 00 00 00 00         hello_world
        {TextBehind}
        00                              up to 0xd8
        {Data}
        00 00 00                        up to 0xe8
        {Symbol(0, 0, 0, 0)}
        {Symbol(0x01, 4, 0xfff1, 0)}
        {Symbol(0x11, 0, 2, 0x4010d8)}
        {Symbol(0x1d, 0, 0xfff1, 13)}
        {Symbol(0x32, 0x10, 1, 0x4000b0)}
        {Symbol(0x2d, 0x10, 2, 0x4010e5)}
        {Symbol(0x39, 0x10, 2, 0x4010e5)}
        {Symbol(0x40, 0x10, 2, 0x4010e8)}
        00                              .strtab: no name
        68 65 6c 6c 6f 5f 77 6f 72 6c 64 2e 61 73 6d 00  0x01 hello_world.asm
        68 65 6c 6c 6f 5f 77 6f 72 6c 64 00  0x11 hello_world
        68 65 6c 6c 6f 5f 77 6f 72 6c 64 5f 6c 65 6e 00  0x1d hello_world_len
        5f 5f 62 73 73 5f 73 74 61 72 74 00  0x2d __bss_start, which ends with 0x32 _start
        5f 65 64 61 74 61 00            0x39 _edata
        5f 65 6e 64 00                  0x40 _end
        00                              .shstrtab: no name
        2e 73 79 6d 74 61 62 00         0x01 .symtab
        2e 73 74 72 74 61 62 00         0x09 .strtab
        2e 73 68 73 74 72 74 61 62 00   0x11 .shstrtab
        2e 74 65 78 74 00               0x1b .text
        2e 64 61 74 61 00               0x21 .data
        00 00 00 00                     up to 0x218
        {Section(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)}
        {Section(0x1b, 1, 6, 0x4000b0, 0xb0, 0x27, 0, 0, 16, 0)}
        {Section(0x21, 1, 3, 0x4010d8, 0xd8, 0x0d, 0, 0, 4, 0)}
        {Section(0x01, 2, 0, 0, 0xe8, 0xc0, 4, 4, 8, 0x18)}
        {Section(0x09, 3, 0, 0, 0x1a8, 0x45, 0, 0, 1, 0)}
        {Section(0x11, 3, 0, 0, 0x1ed, 0x27, 0, 0, 1, 0)}
        """);

    /// <summary>The object file as a model.</summary>
    public static ElfModel ObjectModel()
    {
        var data = new ElfModelSection(".data")
        {
            Flags = ElfSectionFlags.Write | ElfSectionFlags.Alloc,
            Alignment = 4,
            Offset = 0x200,
            Content = Bytes(Data),
        };
        var text = new ElfModelSection(".text")
        {
            Flags = ElfSectionFlags.Alloc | ElfSectionFlags.Execute,
            Alignment = 16,
            Offset = 0x210,
            Content = Bytes(TextBefore + "\n00 00 00 00 00 00 00 00\n" + TextBehind),
        };
        var sectionNames = new ElfModelSection(".shstrtab", ElfSectionTypes.StrTab) { Offset = 0x240 };
        var names = new ElfModelSection(".strtab", ElfSectionTypes.StrTab) { Offset = 0x330 };
        var symbols = new ElfModelSection(".symtab", ElfSectionTypes.SymTab) { Alignment = 8, EntrySize = 24, Offset = 0x280, LinkedSection = names };
        var relocations = new ElfModelSection(".rela.text", ElfSectionTypes.Rela)
        {
            Alignment = 8,
            EntrySize = 24,
            Offset = 0x370,
            LinkedSection = symbols,
            InfoSection = text,
        };
        var ofData = new ElfModelSymbol("", 0, data) { Type = ElfModelSymbolNumbers.Section };
        return new ElfModel
        {
            Type = ElfType.Relocatable,
            Machine = ElfMachine.X86_64,
            SectionHeaderOffset = 0x40,
            SectionNames = sectionNames,
            SharesNames = false,
            Sections = { data, text, sectionNames, symbols, names, relocations },
            Symbols =
            {
                new ElfModelSymbol("hello_world.asm") { Type = ElfModelSymbolNumbers.File },
                ofData,
                new ElfModelSymbol("", 0, text) { Type = ElfModelSymbolNumbers.Section },
                new ElfModelSymbol("hello_world", 0, data),
                new ElfModelSymbol("hello_world_len", 13),
                new ElfModelSymbol("_start", 0, text) { Binding = ElfModelSymbolNumbers.Global },
            },
            Relocations = { new ElfModelRelocation(text, 0xc, 1, ofData, 0) },
            Pieces = { new ElfModelPiece(0x388, new byte[8]) },
        };
    }

    /// <summary>The executable as a model: nothing but the order of its names is told to the layout.</summary>
    public static ElfModel ExecutableModel()
    {
        var text = new ElfModelSection(".text")
        {
            Flags = ElfSectionFlags.Alloc | ElfSectionFlags.Execute,
            Alignment = 16,
            Address = 0x4000b0,
            Content = Bytes(TextBefore + "\nd8 10 40 00 00 00 00 00\n" + TextBehind),
        };
        var data = new ElfModelSection(".data")
        {
            Flags = ElfSectionFlags.Write | ElfSectionFlags.Alloc,
            Alignment = 4,
            Address = 0x4010d8,
            Content = Bytes(Data),
        };
        var names = new ElfModelSection(".strtab", ElfSectionTypes.StrTab);
        var symbols = new ElfModelSection(".symtab", ElfSectionTypes.SymTab) { Alignment = 8, EntrySize = 24, LinkedSection = names };
        var sectionNames = new ElfModelSection(".shstrtab", ElfSectionTypes.StrTab)
        {
            Content = "\0.symtab\0.strtab\0.shstrtab\0.text\0.data\0"u8.ToArray(),
        };
        static ElfModelSymbol Global(string name, ulong value, ElfModelSection section) =>
            new(name, value, section) { Binding = ElfModelSymbolNumbers.Global };
        return new ElfModel
        {
            Type = ElfType.Executable,
            Machine = ElfMachine.X86_64,
            EntryPoint = 0x4000b0,
            SectionNames = sectionNames,
            Sections = { text, data, symbols, names, sectionNames },
            Segments =
            {
                new ElfModelSegment(ElfSegmentType.Load, ElfSegmentFlags.Read | ElfSegmentFlags.Execute, text) { IncludesHeaders = true },
                new ElfModelSegment(ElfSegmentType.Load, ElfSegmentFlags.Read | ElfSegmentFlags.Write, data),
            },
            Symbols =
            {
                new ElfModelSymbol("hello_world.asm") { Type = ElfModelSymbolNumbers.File },
                new ElfModelSymbol("hello_world", 0x4010d8, data),
                new ElfModelSymbol("hello_world_len", 13),
                Global("_start", 0x4000b0, text),
                Global("__bss_start", 0x4010e5, data),
                Global("_edata", 0x4010e5, data),
                Global("_end", 0x4010e8, data),
            },
        };
    }

    // Two hexadecimal digits and a space, as often as there are; the rest of a line is said to people.
    private static byte[] Bytes(string lines)
    {
        var bytes = new List<byte>();
        foreach (string line in lines.Split('\n'))
        {
            string rest = line.Trim();
            while (rest.Length >= 2 && char.IsAsciiHexDigit(rest[0]) && char.IsAsciiHexDigit(rest[1]) && (rest.Length == 2 || rest[2] == ' '))
            {
                bytes.Add(Convert.ToByte(rest[..2], 16));
                if (rest.Length > 3 && rest[3] == ' ')
                {
                    break;
                }

                rest = rest.Length == 2 ? "" : rest[3..];
            }
        }

        return [.. bytes];
    }

    private static string Little(ulong value, int size) =>
        string.Join(' ', Enumerable.Range(0, size).Select(i => ((byte)(value >> (8 * i))).ToString("x2")));

    private static string Section(
        uint name, uint type, ulong flags, ulong address, ulong offset, ulong size, uint link, uint info, ulong alignment, ulong entry) =>
        string.Join(' ', Little(name, 4), Little(type, 4), Little(flags, 8), Little(address, 8), Little(offset, 8), Little(size, 8),
            Little(link, 4), Little(info, 4), Little(alignment, 8), Little(entry, 8));

    private static string Symbol(uint name, byte info, ushort section, ulong value) =>
        string.Join(' ', Little(name, 4), Little(info, 1), "00", Little(section, 2), Little(value, 8), Little(0, 8));
}
