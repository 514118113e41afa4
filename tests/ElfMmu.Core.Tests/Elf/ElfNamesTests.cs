using ElfMmu.Elf;
using Xunit;

namespace ElfMmu.Tests.Elf;

public class ElfNamesTests
{
    [Fact]
    public void Every_machine_has_a_name_of_its_own()
    {
        var machines = Enum.GetValues<ElfMachine>();
        Assert.All(machines, m => Assert.True(ElfNames.IsKnown(m)));
        Assert.All(machines, m => Assert.StartsWith("EM_", ElfNames.Machine(m), StringComparison.Ordinal));
        Assert.Equal(machines.Length, machines.Select(ElfNames.Machine).Distinct().Count());
        Assert.All(machines, m => Assert.DoesNotContain("unknown", ElfNames.MachineDescription(m), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(62, "EM_X86_64", "Advanced Micro Devices X86-64")]
    [InlineData(3, "EM_386", "Intel 80386")]
    [InlineData(40, "EM_ARM", "ARM")]
    [InlineData(183, "EM_AARCH64", "AArch64")]
    [InlineData(243, "EM_RISCV", "RISC-V")]
    [InlineData(258, "EM_LOONGARCH", "LoongArch")]
    [InlineData(0x7777, "EM_0x7777", "<unknown>: 0x7777")]
    public void Machines(ushort value, string name, string description) =>
        Assert.Equal((name, description), (ElfNames.Machine((ElfMachine)value), ElfNames.MachineDescription((ElfMachine)value)));

    [Theory]
    [InlineData(4, "ET_CORE", "Core file")]
    [InlineData(0xfe00, "ET_LOOS", "OS Specific: (fe00)")]
    [InlineData(0xff03, "ET_LOPROC+0x3", "Processor Specific: (ff03)")]
    [InlineData(5, "ET_0x5", "<unknown>: 5")]
    public void Types(ushort value, string name, string description) =>
        Assert.Equal((name, description), (ElfNames.Type((ElfType)value), ElfNames.TypeDescription((ElfType)value)));

    [Theory]
    [InlineData(0, 62, "ELFOSABI_NONE")]
    [InlineData(65, 40, "ELFOSABI_ARM_FDPIC")]
    [InlineData(65, 140, "ELFOSABI_C6000_LINUX")]
    [InlineData(65, 62, "ELFOSABI_0x41")]
    [InlineData(64, 224, "ELFOSABI_AMDGPU_HSA")]
    public void OsAbis(byte value, ushort machine, string name) =>
        Assert.Equal(name, ElfNames.OsAbi((ElfOsAbi)value, (ElfMachine)machine));

    [Theory]
    [InlineData(1, 62, "PT_LOAD")]
    [InlineData(0x6474e551, 62, "PT_GNU_STACK")]
    [InlineData(0x70000001, 40, "PT_ARM_EXIDX")]
    [InlineData(0x70000001, 50, "PT_IA_64_UNWIND")]
    [InlineData(0x70000001, 62, "PT_LOPROC+0x1")]
    [InlineData(0x60000010, 62, "PT_LOOS+0x10")]
    [InlineData(0x12345678, 62, "PT_0x12345678")]
    public void Segments(uint value, ushort machine, string name) =>
        Assert.Equal(name, ElfNames.SegmentType((ElfSegmentType)value, (ElfMachine)machine));

    [Theory]
    [InlineData(40, 0x05000400, "Version5 EABI, hard-float ABI")]
    [InlineData(40, 0x05000200, "Version5 EABI, soft-float ABI")]
    [InlineData(8, 0x70001007, "noreorder, pic, cpic, o32, mips32r2")]
    [InlineData(243, 5, "RVC, double-float ABI")]
    [InlineData(243, 0x25, "RVC, double-float ABI, unknown flag 0x20")]
    [InlineData(243, 0, "")]
    [InlineData(21, 2, "abiv2")]
    [InlineData(43, 0x202, "ultrasparcI, rmo")]
    [InlineData(18, 0x300, "v8+, ultrasparcI")]
    [InlineData(258, 0x43, "DOUBLE-FLOAT, OBJ-v1")]
    [InlineData(62, 5, "")]
    public void Flags(ushort machine, uint flags, string words) =>
        Assert.Equal(words, string.Join(", ", ElfNames.Flags((ElfMachine)machine, flags)));

    [Fact]
    public void Classes_orders_and_rights()
    {
        Assert.Equal(("ELFCLASS64", "ELFCLASS0x7"), (ElfNames.Class(ElfClass.Elf64), ElfNames.Class((ElfClass)7)));
        Assert.Equal(("ELFDATA2MSB", "ELFDATA0x7"), (ElfNames.Data(ElfData.BigEndian), ElfNames.Data((ElfData)7)));
        Assert.Equal(("R E", "RW "), (ElfNames.SegmentFlags((ElfSegmentFlags)5), ElfNames.SegmentFlags((ElfSegmentFlags)6)));
    }
}
