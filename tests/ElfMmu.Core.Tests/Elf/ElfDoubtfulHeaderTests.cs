using ElfMmu.Elf;
using ElfMmu.Tests.Elf.Fuzzing;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf;

/// <summary>Headers no writer makes, which readelf reads all the same.</summary>
public class ElfDoubtfulHeaderTests
{
    private const int ClassByte = 4;
    private const int DataByte = 5;

    private static byte[] Sample(ElfClass elfClass, ElfData data) =>
        new ElfSamples(elfClass, data).Header().Bytes;

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(255)]
    public void A_class_that_does_not_exist_is_read_as_32_bits(byte value)
    {
        byte[] bytes = Sample(ElfClass.Elf32, ElfData.BigEndian);
        bytes[ClassByte] = value;
        using ElfFile file = ElfMutator.Open(bytes);
        Assert.Equal((ElfClass.Elf32, value, ElfData.BigEndian), (file.Header.Class, file.Header.ClassField, file.Header.Data));
        Assert.Equal(ElfMachine.RiscV, file.Header.Machine);
        ElfDiagnostic said = Assert.Single(file.Diagnostics, d => d.Message.Contains("EI_CLASS", StringComparison.Ordinal));
        Assert.Contains($"offset 4 is {value},", said.Message, StringComparison.Ordinal);
        Assert.Contains("32-bit one", said.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(255)]
    public void A_byte_order_that_does_not_exist_is_read_as_little_endian(byte value)
    {
        byte[] bytes = Sample(ElfClass.Elf64, ElfData.LittleEndian);
        bytes[DataByte] = value;
        using ElfFile file = ElfMutator.Open(bytes);
        Assert.Equal((ElfData.LittleEndian, value, ElfClass.Elf64), (file.Header.Data, file.Header.DataField, file.Header.Class));
        Assert.Equal(ElfMachine.RiscV, file.Header.Machine);
        ElfDiagnostic said = Assert.Single(file.Diagnostics, d => d.Message.Contains("EI_DATA", StringComparison.Ordinal));
        Assert.Contains($"offset 5 is {value},", said.Message, StringComparison.Ordinal);
        Assert.Contains("little-endian one", said.Message, StringComparison.Ordinal);
    }

    /// <summary>Each byte of the header set to what it shouldn't be: what readelf reads is opened, with the same fields.</summary>
    [ToolFact("readelf")]
    public void What_readelf_makes_of_a_header_is_what_we_make_of_it()
    {
        byte[] original = File.ReadAllBytes(Environment.ProcessPath!);
        bool is64 = original[ClassByte] == 2;
        using var folder = new TempFolder();
        (int Offset, int Values)[] damage = [(4, 4), (5, 4), (6, 3), (7, 2), (20, 3), (is64 ? 52 : 40, 3), (is64 ? 54 : 42, 4), (is64 ? 58 : 46, 4)];
        byte[] values = [0, 255, 3, 1];
        foreach ((int offset, int count) in damage)
        {
            foreach (byte value in values[..count])
            {
                byte[] bytes = [.. original];
                bytes[offset] = value;
                ToolResult theirs = Tools.Run("readelf", "-hW", folder.Write("file", bytes));
                using ElfFile file = ElfMutator.Open(bytes);
                ElfHeader h = file.Header;
                string where = $"byte {offset} = {value}\n{theirs.Output}";
                Assert.True(theirs.Output.Contains($"{h.MachineDescription}\n", StringComparison.Ordinal), where);
                Assert.True(Field(theirs.Output, "Entry point address") == $"0x{h.EntryPoint:x}", where);
                Assert.Equal(value == original[offset] || offset == 7, h.Warnings.Count == 0);
                Assert.True(Field(theirs.Output, "Start of section headers").StartsWith($"{h.SectionHeaderOffset} ", StringComparison.Ordinal), where);
                Assert.True(Field(theirs.Output, "Size of program headers").StartsWith($"{h.ProgramHeaderEntrySize} ", StringComparison.Ordinal), where);
                _ = (file.ProgramHeaders.Length, file.SectionHeaders.Length);
            }
        }
    }

    private static string Field(string text, string label) => text.Split('\n').First(l => l.TrimStart().StartsWith(label + ":", StringComparison.Ordinal)).Split(':')[1].Trim();
}
