using ElfMmu.Elf;
using ElfMmu.Elf.Writing;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf.Writing;

/// <summary>The classic first program, in both directions and against the tools that usually make it.</summary>
public sealed class HelloWorldTests
{
    private static readonly IElfSource NoFile = new ElfFileSource("/none");

    [Fact]
    public void The_object_is_written_byte_by_byte() => Same(HelloWorld.Object, HelloWorld.ObjectModel().ToArray());

    [Fact]
    public void The_executable_is_written_byte_by_byte() => Same(HelloWorld.Executable, HelloWorld.ExecutableModel().ToArray());

    [Fact]
    public void The_object_is_read_field_by_field()
    {
        using ElfFile file = Open(HelloWorld.Object);
        Assert.Empty(file.Header.Warnings);
        Assert.Equal(ElfType.Relocatable, file.Header.Type);
        Assert.Equal(ElfMachine.X86_64, file.Header.Machine);
        Assert.Equal((0x40ul, 7ul, 3u), (file.Header.SectionHeaderOffset, file.Header.SectionHeaderCount, file.Header.SectionNameIndex));
        Assert.Equal(0ul, file.Header.ProgramHeaderCount);
        Assert.Equal(
            ["", ".data", ".text", ".shstrtab", ".symtab", ".strtab", ".rela.text"],
            Enumerable.Range(0, 7).Select(file.SectionName));
        Assert.Equal(
            new ElfSectionHeader { NameOffset = 0x27, Type = 4, Offset = 0x370, Size = 0x18, Link = 4, Info = 2, Alignment = 8, EntrySize = 24 },
            file.SectionHeaders[6]);

        ElfModel model = ElfModel.Read(file);
        Assert.Equal(["hello_world.asm", "", "", "hello_world", "hello_world_len", "_start"], model.Symbols.Select(s => s.Name));
        Assert.Equal([4, 3, 3, 0, 0, 0], model.Symbols.Select(s => (int)s.Type));
        Assert.Equal([0, 0, 0, 0, 0, 1], model.Symbols.Select(s => (int)s.Binding));
        Assert.Equal([null, ".data", ".text", ".data", null, ".text"], model.Symbols.Select(s => s.Section?.Name));
        Assert.Equal((ElfModelSymbolNumbers.Absolute, 13ul), (model.Symbols[4].SectionIndex, model.Symbols[4].Value));
        ElfModelRelocation relocation = Assert.Single(model.Relocations);
        Assert.Equal(
            (".text", 0xcul, 1u, ".data", 0L),
            (relocation.Section.Name, relocation.Offset, relocation.Type, relocation.Symbol!.Section!.Name, relocation.Addend!.Value));
        Same(HelloWorld.Object, model.ToArray());
    }

    [Fact]
    public void The_executable_is_read_field_by_field()
    {
        using ElfFile file = Open(HelloWorld.Executable);
        Assert.Empty(file.Header.Warnings);
        Assert.Equal((ElfType.Executable, 0x4000b0ul), (file.Header.Type, file.Header.EntryPoint));
        Assert.Equal(2, file.ProgramHeaders.Length);
        Assert.Equal(
            new ElfProgramHeader
            {
                Type = ElfSegmentType.Load,
                Flags = ElfSegmentFlags.Read | ElfSegmentFlags.Write,
                Offset = 0xd8,
                VirtualAddress = 0x4010d8,
                PhysicalAddress = 0x4010d8,
                FileSize = 13,
                MemorySize = 13,
                Alignment = 0x1000,
            },
            file.ProgramHeaders[1]);
        Assert.Equal(0xd7ul, file.ProgramHeaders[0].FileSize);
        Assert.Equal(["", ".text", ".data", ".symtab", ".strtab", ".shstrtab"], Enumerable.Range(0, 6).Select(file.SectionName));
        ElfModel model = ElfModel.Read(file);
        Assert.Equal(
            ["hello_world.asm", "hello_world", "hello_world_len", "_start", "__bss_start", "_edata", "_end"], model.Symbols.Select(s => s.Name));
        Same(HelloWorld.Executable, model.ToArray());
    }

    [ToolFact("nasm", "ld")]
    public void An_assembler_and_a_linker_write_the_same_bytes()
    {
        using var folder = new TempFolder();
        string source = folder.Write("hello_world.asm", HelloWorld.Source);
        string made = folder.File("hello_world.o");

        // The name of the source is a symbol: it must be given without its folder.
        string shell = $"cd '{folder.Path}' && nasm -f elf64 -o hello_world.o hello_world.asm";
        Assert.Equal(0, Tools.Run("sh", "-c", shell).ExitCode);
        byte[] theirs = File.ReadAllBytes(made);
        byte[] ours = HelloWorld.ObjectModel().ToArray();

        // Older ones align the symbol table to 4; that is all they don't agree on among themselves.
        ours[0x170] = theirs[0x170];
        Same(theirs, ours);
        Assert.True(File.Exists(source));

        string linked = folder.File("hello_world.out");
        if (Tools.Run("ld", "-m", "elf_x86_64", "-z", "noseparate-code", "-o", linked, made) is { ExitCode: 0 })
        {
            Same(File.ReadAllBytes(linked), HelloWorld.ExecutableModel().ToArray());
        }
    }

    [ToolFact("readelf", "eu-elflint")]
    public void Tools_find_nothing_wrong()
    {
        using var folder = new TempFolder();
        foreach ((string name, byte[] bytes) in new[] { ("o", HelloWorld.ObjectModel().ToArray()), ("out", HelloWorld.ExecutableModel().ToArray()) })
        {
            string path = folder.Write("hello." + name, bytes);
            ToolResult readelf = Tools.Run("readelf", "-aW", path);
            Assert.Equal("", readelf.Errors);
            Assert.Contains("_start", readelf.Output, StringComparison.Ordinal);
        }

        ToolResult lint = Tools.Run("eu-elflint", "--gnu-ld", folder.File("hello.out"));
        Assert.Equal("No errors", lint.Output.Trim());
    }

    [Fact]
    public void The_executable_runs()
    {
        if (!OperatingSystem.IsLinux() || System.Runtime.InteropServices.RuntimeInformation.OSArchitecture != System.Runtime.InteropServices.Architecture.X64)
        {
            return;
        }

        using var folder = new TempFolder();
        string path = folder.Write("hello", HelloWorld.ExecutableModel().ToArray());
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        ToolResult result = Tools.Run(path);
        Assert.Equal((0, "Hello world!\n"), (result.ExitCode, result.Output));
    }

    private static ElfFile Open(byte[] bytes) => ElfFile.Open(new ElfMemoryInput(bytes), NoFile);

    private static void Same(byte[] expected, byte[] actual)
    {
        for (int i = 0; i < Math.Min(expected.Length, actual.Length); i++)
        {
            Assert.True(expected[i] == actual[i], $"At 0x{i:x}: 0x{actual[i]:x2} instead of 0x{expected[i]:x2}.");
        }

        Assert.Equal(expected.Length, actual.Length);
    }
}
