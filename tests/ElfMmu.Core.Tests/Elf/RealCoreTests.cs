using ElfMmu.Elf;
using Xunit;

namespace ElfMmu.Tests.Elf;

/// <summary>What QEMU wrote, against what its monitor said of the same stopped guest.</summary>
public class RealCoreTests
{
    [Fact]
    public void X86_64()
    {
        var (reader, registers) = Registers(RealCores.X64);
        HasOnlyTheWrongHeaderSize(reader);
        Is(registers,
            ("rax", 0x1002000), ("rbx", 0x1000000), ("rcx", 0xc0000080), ("rsp", 0x1002000), ("rip", 0x1000002),
            ("eflags", 2), ("cs", 0x33), ("ss", 0x2b), ("cs.flags", 0x00affb00), ("cs.limit", 0xffffffff), ("tr", 0), ("ldt", 0),
            ("gdt_base", 0x7000), ("gdt.limit", 0x3f), ("idt_base", 0), ("idt.limit", 0xffff), ("fs_base", 0), ("gs_base", 0),
            ("cr0", 0x80010011), ("cr2", 0), ("cr3", 0x10000), ("cr4", 0xb0), ("kernel_gs_base", 0));
        Assert.NotEqual(0ul, registers["cs.flags"] & QemuCpuNote.LongModeFlag);
    }

    [Fact]
    public void I386_comes_as_a_64_bit_file_with_a_32_bit_note()
    {
        var (reader, registers) = Registers(RealCores.Ia32);
        Assert.Equal((ElfClass.Elf64, ElfMachine.I386), (reader.Header.Class, reader.Header.Machine));
        Assert.Equal(2, reader.Header.Warnings.Count);
        Assert.Contains("but the class is ELFCLASS64", reader.Header.Warnings[1], StringComparison.Ordinal);
        Is(registers, ("eax", 0x80010011), ("rax", 0x80010011), ("rdx", 0x60fb1), ("edx", 0x60fb1), ("esp", registers["rsp"]),
            ("eip", 0x1000002), ("rip", 0x1000002), ("cs", 0x23), ("cr0", 0x80010011), ("cr3", 0x10000), ("cr4", 0x90));
        Assert.Equal(0ul, registers["cs.flags"] & QemuCpuNote.LongModeFlag);
    }

    [Fact]
    public void AArch64()
    {
        var (reader, registers) = Registers(RealCores.AArch64);
        HasOnlyTheWrongHeaderSize(reader);
        Is(registers, ("pc", 0x10000000), ("x0", 0x0042000040220000), ("x1", 0x40221000), ("x7", 0x3c0), ("x20", 0x40201000),
            ("sp", 0), ("pstate", 0x3c0));
    }

    [Fact]
    public void Arm() => Same(RealCores.Arm, ElfMachine.Arm, ElfClass.Elf32, 18, 0x10000000);

    [Fact]
    public void RiscV64() => Same(RealCores.RiscV64, ElfMachine.RiscV, ElfClass.Elf64, 32, 0x1000000);

    [Fact]
    public void RiscV32() => Same(RealCores.RiscV32, ElfMachine.RiscV, ElfClass.Elf32, 32, 0x1000000);

    [Fact]
    public void PowerPC_is_read_with_its_registers()
    {
        var (reader, registers) = Registers(RealCores.PowerPC);
        Assert.Equal((ElfClass.Elf32, ElfData.BigEndian), (reader.Header.Class, reader.Header.Data));
        HasOnlyTheWrongHeaderSize(reader);
        Assert.Equal(44, registers.Count);
        var segments = reader.ReadProgramHeaders();
        Assert.Equal([(0x740ul, 0ul, 0x1000000ul), (0x1000740, 0xffc00000, 0x400000)],
            segments.Skip(1).Select(s => (s.Offset, s.PhysicalAddress, s.FileSize)));
        Assert.Equal([1u, 2, 0x100, 0x102, 0x101], reader.EnumerateNotes(segments[0]).Select(n => n.Type));
    }

    private static void Same(string packed, ElfMachine machine, ElfClass elfClass, int count, ulong pc)
    {
        var (reader, registers) = Registers(packed);
        HasOnlyTheWrongHeaderSize(reader);
        Assert.Equal((machine, elfClass, count), (reader.Header.Machine, reader.Header.Class, registers.Count));
        Is(registers, ("pc", pc));
    }

    // QEMU takes the size of a pointer for the header's.
    private static void HasOnlyTheWrongHeaderSize(ElfReader reader) =>
        Assert.StartsWith("e_ehsize is 8, ", Assert.Single(reader.Header.Warnings), StringComparison.Ordinal);

    private static void Is(Dictionary<string, ulong> registers, params (string Name, ulong Value)[] expected) =>
        Assert.Equal(expected, expected.Select(e => (e.Name, registers[e.Name])));

    private static (ElfReader Reader, Dictionary<string, ulong> Registers) Registers(string packed)
    {
        var reader = RealCores.Open(packed);
        var h = reader.Header;
        var registers = new Dictionary<string, ulong>();
        var segment = Assert.Single(reader.ReadProgramHeaders(), s => s.Type == ElfSegmentType.Note);
        foreach (var note in reader.EnumerateNotes(segment))
        {
            if (note is { Name: CoreNoteLayouts.Name, Type: CoreNoteLayouts.PrStatus })
            {
                CoreNoteLayouts.TryDecodePrStatus(h.Machine, h.Class, note.Description.Span, h.Data, registers);
            }
            else if (QemuCpuNote.Is(note))
            {
                Assert.True(QemuCpuNote.TryDecode(note.Description.Span, registers));
            }
        }

        return (reader, registers);
    }
}
