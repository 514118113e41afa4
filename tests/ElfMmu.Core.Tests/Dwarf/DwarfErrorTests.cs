using ElfMmu.Dwarf;
using ElfMmu.Elf;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dwarf;

/// <summary>What the writer refuses, and numbers of any size.</summary>
public sealed class DwarfErrorTests
{
    private static readonly DwarfBaseType Int = new("int", 4, DwarfEncoding.Signed);

    [Theory]
    [InlineData(ElfClass.None, ElfData.LittleEndian, 5)]
    [InlineData(ElfClass.Elf64, ElfData.None, 5)]
    [InlineData(ElfClass.Elf64, ElfData.LittleEndian, 3)]
    [InlineData(ElfClass.Elf64, ElfData.LittleEndian, 6)]
    public void Targets_there_are_not(ElfClass elfClass, ElfData data, int version) =>
        Throws.Error("DwarfTargetInvalid", () => _ = new DwarfTarget(ElfMachine.X86_64, elfClass, data, version));

    [Fact]
    public void Values_that_do_not_fit()
    {
        Refused(u => u.Variables.Add(new("x", 0x1_0000_0000, Int)));
        Refused(u => u.Functions.Add(new("f", 0xffff_fff0, 0x20)));
        Refused(u => u.Functions.Add(new("f", 0x1_0000_0000, 1)));
        Refused(u => u.Ranges.Add(new(0x1_0000_0000, 1)));
        Refused(u => u.Lines.Add(new(0x1_0000_0000, "a.c", 1)));
        Refused(u => u.Variables.Add(new("a\0b", 1, Int)));
        Refused(u => u.Constants.Add(new("c", Int128.One << 64, Int)));
        Refused(u => u.Constants.Add(new("c", long.MinValue - Int128.One, Int)));
    }

    [Theory]
    [InlineData("i386 4")]
    [InlineData("i386 5")]
    public void Zeros_in_the_names_of_files(string target)
    {
        Refused(u => u.Lines.AddRange([new(0x10, "a\0b.c", 1), DwarfLine.End(0x20)]), target);
        Refused(u => u.Lines.AddRange([new(0x10, "a\0b/c.c", 1), DwarfLine.End(0x20)]), target);
    }

    [Fact]
    public void Lines_that_go_back_or_never_end()
    {
        Refused(u => u.Lines.AddRange([new(0x20, "a.c", 1), new(0x10, "a.c", 2), DwarfLine.End(0x30)]));
        Refused(u => u.Lines.Add(new(0x20, "a.c", 1)));
    }

    [Fact]
    public void Types_that_contradict_themselves()
    {
        var open = new DwarfStructType(DwarfStructKind.Struct, "s");
        open.Members.Add(new DwarfMember("x", Int, 0));
        Refused(u => u.Types.Add(open));
        var values = new DwarfEnumType("e");
        values.Enumerators.Add(new DwarfEnumerator("A", 1));
        Refused(u => u.Types.Add(values));
    }

    [Fact]
    public void Frames_that_cannot_be()
    {
        Refused(u => u.Functions.Add(new("f", 0x10, 0x10) { Frame = DwarfFrame.FramePointer() }), "mips");
        Refused(u => u.Functions.Add(new("f", 0x10, 0x10) { Frame = DwarfFrame.FramePointer(prologue: 0x20) }));
        Refused(u => u.Functions.Add(new("f", 0x10, 0x10) { Frame = DwarfFrame.FramePointer(prologue: 3) }), "arm");
        Refused(u => u.Functions.Add(new("f", 0x10, 0x10) { Frame = DwarfFrame.Rows(new DwarfFrameRow(0, 4, -4)) }));
        Refused(u => u.Functions.Add(
            new("f", 0x10, 0x10) { Frame = DwarfFrame.Rows(new DwarfFrameRow(0, 4, 4, new DwarfSavedRegister(5, -3))) }));
        var sparc = new DwarfTarget(ElfMachine.Sparc, ElfClass.Elf32, ElfData.BigEndian);
        var unit = new DwarfUnit { Functions = { new("f", 0x10, 0x10) { Frame = DwarfFrame.Leaf } } };
        Throws.Error("DwarfValueInvalid", () => DwarfWriter.Write(unit, sparc));
    }

    [Fact]
    public void Types_nested_deeper_than_the_stack_are_written()
    {
        DwarfType type = Int;
        for (int i = 0; i < 200_000; i++)
        {
            type = i % 2 == 0 ? new DwarfPointerType(type) : new DwarfTypedef("t" + i, type);
        }

        var unit = new DwarfUnit { Types = { type } };
        Assert.NotEmpty(DwarfWriter.Write(unit, DwarfTargets.Of("x86-64")));
        Assert.NotEmpty(type.ToString());
    }

    [Fact]
    public void Numbers_in_base_128_are_read_back()
    {
        var random = new Random(1);
        var buffer = new DwarfBuffer(DwarfTargets.Of("x86-64"), "test");
        List<ulong> numbers = [0, 1, 0x3f, 0x40, 0x7f, 0x80, ulong.MaxValue, long.MaxValue, 1ul << 63, ulong.MaxValue - 0x3f, ulong.MaxValue - 0x40];
        numbers.AddRange(Enumerable.Range(0, 5000).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64)));
        foreach (ulong number in numbers)
        {
            buffer.Unsigned(number);
            buffer.Signed((long)number);
        }

        int at = 0;
        foreach (ulong number in numbers)
        {
            Assert.Equal(number, (ulong)Read(buffer.Written, ref at, isSigned: false));
            Assert.Equal((long)number, (long)Read(buffer.Written, ref at, isSigned: true));
        }

        Assert.Equal(buffer.Length, at);
    }

    private static Int128 Read(ReadOnlySpan<byte> bytes, ref int at, bool isSigned)
    {
        Int128 value = 0;
        int shift = 0;
        byte b;
        do
        {
            b = bytes[at++];
            value |= (Int128)(b & 0x7f) << shift;
            shift += 7;
        }
        while ((b & 0x80) != 0);
        return isSigned && (b & 0x40) != 0 ? value - (Int128.One << shift) : value;
    }

    private static void Refused(Action<DwarfUnit> change, string machine = "i386")
    {
        var unit = new DwarfUnit();
        change(unit);
        Throws.Error("DwarfValueInvalid", () => DwarfWriter.Write(unit, DwarfTargets.Of(machine)));
    }
}
