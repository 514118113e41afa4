using ElfMmu.Elf;
using ElfMmu.Images.Loading;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Images.Loading;

/// <summary>What objcopy -O binary makes of files that GNU's assembler and linker made, and of C libraries of several machines.</summary>
public sealed class ObjcopyTests
{
    private const string Source = """
        .section .text, "ax"
        .globl _start
        _start:
        .rept 300
        .long 0x11223344
        .endr
        .section .rodata, "a"
        .asciz "read-only bytes"
        .section .data, "aw"
        .long 0x55667788
        .rept 77
        .byte 0xa5
        .endr
        .section .bss, "aw"
        .space 5000
        """;

    // Loaded somewhere else than it runs, as firmware is; the headers are in no segment.
    private const string Script = """
        ENTRY(_start)
        PHDRS { code PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6); }
        SECTIONS {
          . = 0x8004000;
          .text : { *(.text) *(.rodata) } :code
          .data 0x20001000 : AT(0x8006800) { *(.data) } :data
          .bss : { *(.bss) } :data
          /DISCARD/ : { *(.note*) *(.comment) *(.reginfo) *(.MIPS*) *(.gnu*) *(.pdr) *(.ARM*) *(.riscv*) }
        }
        """;

    /// <summary>The tools' prefixes that are there.</summary>
    public static TheoryData<string> Targets => [.. new[]
    {
        "", "i686-linux-gnu-", "aarch64-linux-gnu-", "arm-linux-gnueabihf-", "riscv64-linux-gnu-", "mips-linux-gnu-",
    }.Where(t => new[] { "as", "ld", "objcopy" }.All(tool => Tools.Missing(t + tool) == null))];

    /// <summary>The files that are there.</summary>
    public static TheoryData<string> Files => [.. new[]
    {
        "/lib/x86_64-linux-gnu/libc.so.6", "/usr/aarch64-linux-gnu/lib/libc.so.6", "/usr/arm-linux-gnueabihf/lib/libc.so.6",
        "/usr/i686-linux-gnu/lib/libc.so.6", "/usr/riscv64-linux-gnu/lib/libc.so.6", "/bin/sh",
    }.Where(File.Exists)];

    [ToolTheory("as", "ld", "objcopy")]
    [MemberData(nameof(Targets))]
    public void FirmwareIsTheSameFromItsFirstByteOn(string prefix)
    {
        using var expanding = new Expanding();
        string Build(string name) => expanding.Folder.File(name);
        string[] flags = prefix.StartsWith("mips", StringComparison.Ordinal) ? ["-EB"] : [];
        expanding.Folder.Write("in.s", Source + "\n");
        expanding.Folder.Write("in.ld", Script);
        Done(Tools.Run(prefix + "as", [.. flags, "-o", Build("in.o"), Build("in.s")]));
        Done(Tools.Run(prefix + "ld", [.. flags, "-n", "-T", Build("in.ld"), "-o", Build("in.elf"), Build("in.o")]));
        Done(Tools.Run(prefix + "objcopy", "-O", "binary", "--gap-fill", "0", Build("in.elf"), Build("theirs")));
        byte[] theirs = File.ReadAllBytes(Build("theirs"));
        MemoryImage image = expanding.Expand(Build("in.elf"), o => o with { AddressKind = ImageAddressKind.Physical });
        byte[] ours = Expanding.Bytes(image);
        Assert.Equal(0x800_4000UL, image.BaseAddress);
        Assert.InRange(theirs.Length, 0x2800, 0x2900);
        Assert.Equal(theirs, ours.AsSpan(0, theirs.Length));
        Assert.False(ours.AsSpan(theirs.Length).ContainsAnyExcept((byte)0));
        Assert.True(ours.Length >= theirs.Length + 5000);

        // By virtual addresses the data is where the program sees it.
        image = expanding.Expand(Build("in.elf"));
        ours = Expanding.Bytes(image);
        Assert.Equal((0x800_4000UL, 0x800_4000UL), (image.BaseAddress, image.EntryPoint));
        Assert.Equal(theirs.AsSpan(0x2800), ours.AsSpan(0x2000_1000 - 0x800_4000, theirs.Length - 0x2800));
    }

    [ToolTheory("llvm-objcopy")]
    [MemberData(nameof(Files))]
    public void EverySectionIsWhereObjcopyPutsIt(string path)
    {
        using var expanding = new Expanding();
        Done(Tools.Run("llvm-objcopy", "-O", "binary", path, expanding.Folder.File("theirs")));
        byte[] theirs = File.ReadAllBytes(expanding.Folder.File("theirs"));
        MemoryImage image = expanding.Expand(path);
        byte[] ours = Expanding.Bytes(image);
        Assert.Empty(image.Diagnostics);

        // It starts with the first section that has bytes.
        using ElfFile file = ElfFile.Open(path);
        const ulong Allocated = 2;
        ElfSectionHeader[] sections = [.. file.SectionHeaders.ToArray().Where(
            s => (s.Flags & Allocated) != 0 && s.Type != ElfSectionTypes.NoBits && s.Size > 0)];
        int start = (int)(sections.Min(s => s.Address) - image.BaseAddress);
        Assert.True(theirs.Length > 1000);
        foreach (ElfSectionHeader section in sections)
        {
            int at = (int)(section.Address - image.BaseAddress);
            Assert.True(theirs.AsSpan(at - start, (int)section.Size).SequenceEqual(ours.AsSpan(at, (int)section.Size)), $"0x{section.Address:x}");
        }
    }

    private static void Done(ToolResult result) => Assert.True(result.ExitCode == 0, result.ToString());
}
