using System.Buffers.Binary;
using ElfMmu.Elf;
using Xunit;

namespace ElfMmu.Tests.Elf;

public class CoreNoteTests
{
    [Theory]
    [InlineData(ElfMachine.X86_64, 336, "r15", 112)]
    [InlineData(ElfMachine.X86_64, 336, "rip", 240)]
    [InlineData(ElfMachine.X86_64, 336, "rsp", 264)]
    [InlineData(ElfMachine.X86_64, 336, "gs", 320)]
    [InlineData(ElfMachine.I386, 144, "ebx", 72)]
    [InlineData(ElfMachine.I386, 144, "eip", 120)]
    [InlineData(ElfMachine.I386, 144, "esp", 132)]
    [InlineData(ElfMachine.I386, 144, "ss", 136)]
    [InlineData(ElfMachine.AArch64, 392, "x0", 112)]
    [InlineData(ElfMachine.AArch64, 392, "sp", 360)]
    [InlineData(ElfMachine.AArch64, 392, "pc", 368)]
    [InlineData(ElfMachine.AArch64, 392, "pstate", 376)]
    [InlineData(ElfMachine.Arm, 148, "r0", 72)]
    [InlineData(ElfMachine.Arm, 148, "cpsr", 136)]
    [InlineData(ElfMachine.RiscV, 376, "pc", 112)]
    [InlineData(ElfMachine.RiscV, 376, "t6", 360)]
    [InlineData(ElfMachine.RiscV, 204, "pc", 72)]
    [InlineData(ElfMachine.RiscV, 204, "t6", 196)]
    [InlineData(ElfMachine.PowerPC, 268, "r0", 72)]
    [InlineData(ElfMachine.PowerPC, 268, "nip", 200)]
    [InlineData(ElfMachine.PowerPC, 328, "nip", 240)]
    [InlineData(ElfMachine.Mips, 256, "r0", 96)]
    [InlineData(ElfMachine.Mips, 256, "epc", 232)]
    public void Registers_stand_where_the_abi_puts_them(ElfMachine machine, int size, string name, int offset)
    {
        var layout = CoreNoteLayouts.FindPrStatus(machine, ElfClass.Elf64, size);
        Assert.NotNull(layout);
        Assert.Equal(offset, Assert.Single(layout.Registers, r => r.Name == name).Offset);
        Assert.True(layout.Registers.All(r => r.Offset + layout.RegisterSize <= size));
    }

    [Fact]
    public void Every_layout_decodes_what_it_encodes_in_both_byte_orders()
    {
        foreach (var layout in CoreNoteLayouts.PrStatusLayouts
            .Where(l => CoreNoteLayouts.IsStandardPrStatus(l.Machine, l.Class, l.Size)))
        {
            foreach (var data in new[] { ElfData.LittleEndian, ElfData.BigEndian })
            {
                var mask = layout.RegisterSize == 8 ? ulong.MaxValue : uint.MaxValue;
                var registers = layout.Registers.ToDictionary(r => r.Name, r => (0x8877665500000000 + (ulong)r.Offset) & mask);
                var bytes = CoreNoteLayouts.EncodePrStatus(layout.Machine, layout.Class, data, registers, 0x1234)!;
                Assert.Equal(layout.Size, bytes.Length);
                var decoded = new Dictionary<string, ulong>();
                Assert.True(CoreNoteLayouts.TryDecodePrStatus(layout.Machine, layout.Class, bytes, data, decoded, out var pid));
                Assert.Equal(registers, decoded);
                Assert.Equal(0x1234u, pid);
            }
        }
    }

    [Fact]
    public void A_32_bit_note_takes_registers_by_their_64_bit_names()
    {
        var registers = new Dictionary<string, ulong> { ["rax"] = 1, ["rip"] = 2, ["eflags"] = 3, ["ebx"] = 4, ["rbx"] = 5 };
        var bytes = CoreNoteLayouts.EncodePrStatus(ElfMachine.I386, ElfData.LittleEndian, registers, 1)!;
        Assert.Equal(144, bytes.Length);
        var decoded = new Dictionary<string, ulong>();
        Assert.True(CoreNoteLayouts.TryDecodePrStatus(ElfMachine.I386, ElfClass.Elf64, bytes, ElfData.LittleEndian, decoded));
        Assert.Equal((1ul, 2ul, 3ul, 4ul), (decoded["eax"], decoded["eip"], decoded["eflags"], decoded["ebx"]));
    }

    [Theory]
    [InlineData(ElfMachine.I386, 336, "rip")]
    [InlineData(ElfMachine.X86_64, 144, "eip")]
    public void The_size_decides_between_siblings(ElfMachine machine, int size, string name)
    {
        var registers = new Dictionary<string, ulong>();
        Assert.True(CoreNoteLayouts.TryDecodePrStatus(machine, ElfClass.Elf64, new byte[size], ElfData.LittleEndian, registers));
        Assert.Contains(name, registers.Keys);
    }

    [Theory]
    [InlineData(ElfMachine.X86_64, 335)]
    [InlineData(ElfMachine.X86_64, 392)]
    [InlineData(ElfMachine.Sparc, 336)]
    [InlineData(ElfMachine.AArch64, 0)]
    public void An_unknown_layout_changes_nothing(ElfMachine machine, int size)
    {
        var registers = new Dictionary<string, ulong>();
        Assert.False(CoreNoteLayouts.TryDecodePrStatus(machine, ElfClass.Elf64, new byte[size], ElfData.LittleEndian, registers));
        Assert.Empty(registers);
        Assert.Null(CoreNoteLayouts.EncodePrStatus(ElfMachine.Sparc, ElfData.LittleEndian, registers, 1));
    }

    [Theory]
    [InlineData(432, 432, true, false)]
    [InlineData(440, 440, true, true)]
    [InlineData(440, 432, true, false)]
    [InlineData(432, 440, true, false)]
    [InlineData(431, 432, false, false)]
    [InlineData(440, 431, false, false)]
    [InlineData(0, 0, false, false)]
    public void The_qemu_note_is_as_long_as_both_its_sizes_say(int length, uint field, bool expected, bool hasKernelGs)
    {
        var bytes = new byte[length];
        if (length >= 8)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, 1);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), field);
        }

        var registers = new Dictionary<string, ulong>();
        Assert.Equal(expected, QemuCpuNote.TryDecode(bytes, registers));
        Assert.Equal(hasKernelGs, registers.ContainsKey("kernel_gs_base"));
        Assert.Equal(expected, registers.Count > 0);
    }

    [Fact]
    public void A_qemu_note_of_another_version_is_not_decoded()
    {
        var bytes = new byte[440];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, 2);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), 440);
        Assert.False(QemuCpuNote.TryDecode(bytes, new Dictionary<string, ulong>()));
    }
}
