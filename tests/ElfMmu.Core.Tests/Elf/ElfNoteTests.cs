using ElfMmu.Elf;
using Xunit;

namespace ElfMmu.Tests.Elf;

public class ElfNoteTests
{
    public static TheoryData<ElfClass, ElfData> Formats => ElfSamples.Formats;

    [Theory]
    [MemberData(nameof(Formats))]
    public void Notes_have_names_types_descriptions_and_offsets(ElfClass elfClass, ElfData data)
    {
        var notes = Read(elfClass, data, 4, s => s
            .Note("CORE", 1, [1, 2, 3, 4]).Note("QEMU", 0, [5]).Note("FOSSIL", 0xdeadc0de, []));
        Assert.Equal(
            [("CORE", 1u, 4), ("QEMU", 0u, 1), ("FOSSIL", 0xdeadc0deu, 0)],
            notes.Select(n => (n.Name, n.Type, n.Description.Length)));
        Assert.Equal([1, 2, 3, 4], notes[0].Description.ToArray());
        var start = elfClass == ElfClass.Elf64 ? 64u : 52;
        Assert.Equal([start + 20, start + 24 + 20, start + 24 + 24 + 20], notes.Select(n => n.Offset));
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    [InlineData(4, 4)]
    [InlineData(8, 8)]
    [InlineData(16, 4)]
    public void Only_an_alignment_of_8_is_not_4(ulong alignment, int used)
    {
        var notes = Read(ElfClass.Elf64, ElfData.LittleEndian, alignment, s => s
            .Note("GNU", 5, [1], used).Note("ABCDE", 6, [2], used));
        Assert.Equal([("GNU", 1), ("ABCDE", 2)], notes.Select(n => (n.Name, (int)n.Description.Span[0])));
    }

    [Fact]
    public void The_last_description_may_lack_its_padding()
    {
        var notes = Read(ElfClass.Elf64, ElfData.LittleEndian, 4, s => s.Note("FOSSIL", 1, "{\"a\":1}"u8), cut: 1);
        Assert.Equal("{\"a\":1}"u8.ToArray(), Assert.Single(notes).Description.ToArray());
    }

    [Fact]
    public void The_last_description_may_count_padding_that_is_not_there()
    {
        var notes = Read(ElfClass.Elf64, ElfData.LittleEndian, 4, s => s.Note("FOSSIL", 1, "{\"a\":1}\0"u8), cut: 1);
        Assert.Equal("{\"a\":1}"u8.ToArray(), Assert.Single(notes).Description.ToArray());
    }

    [Fact]
    public void A_name_without_nul_is_read()
    {
        var note = Assert.Single(Read(ElfClass.Elf64, ElfData.LittleEndian, 4, s => s.Word(4).Word(0).Word(1).Raw("CORE"u8)));
        Assert.Equal(("CORE", 0), (note.Name, note.Description.Length));
    }

    [Fact]
    public void A_name_whose_padding_is_cut_is_read_if_nothing_follows()
    {
        var note = Assert.Single(Read(ElfClass.Elf64, ElfData.LittleEndian, 4, s => s.Word(5).Word(0).Word(1).Raw("CORE\0"u8)));
        Assert.Equal(("CORE", 0), (note.Name, note.Description.Length));
    }

    [Fact]
    public void Zeros_up_to_a_page_are_no_notes() =>
        Assert.Single(Read(ElfClass.Elf64, ElfData.BigEndian, 4, s => s.Note("CORE", 1, [1]).Raw(new byte[4096])));

    [Theory]
    [InlineData(0xffffffff, 0)]
    [InlineData(0, 0xffffffff)]
    [InlineData(0xffffffff, 0xffffffff)]
    [InlineData(0xfffffffd, 4)]
    [InlineData(8, 0)]
    [InlineData(5, 4)]
    [InlineData(0, 8)]
    public void ElfInvalid_if_a_size_reaches_beyond_the_segment(uint nameSize, uint descriptionSize)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var e = Assert.Throws<ElfMmuException>(() => Read(ElfClass.Elf64, ElfData.LittleEndian, 4, s =>
            s.Note("CORE", 1, [1]).Word(nameSize).Word(descriptionSize).Word(1).Raw(new byte[4])));
        Assert.Equal("ElfInvalid", e.ErrorId);
        Assert.Equal(64ul + 24, e.Offset);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Theory]
    [InlineData(ElfData.LittleEndian)]
    [InlineData(ElfData.BigEndian)]
    public void The_builder_writes_what_the_reader_reads(ElfData data)
    {
        var builder = new ElfNoteBuilder(data).Add("CORE", 1, [1, 2, 3, 4, 5]).Add("", 7, []).Add("ABC", 0xffffffff, [9]);
        var expected = new ElfSamples(ElfClass.Elf64, data).Note("CORE", 1, [1, 2, 3, 4, 5]).Word(0).Word(0).Word(7)
            .Note("ABC", 0xffffffff, [9]).Bytes;
        Assert.Equal(expected, builder.ToArray());
        Assert.Equal(expected.Length, builder.Length);
        Assert.Throws<ArgumentException>(() => builder.Add("A\0B", 1, []));
        Assert.Throws<ArgumentException>(() => builder.Add("\u0100", 1, []));
    }

    private static List<ElfNote> Read(
        ElfClass elfClass, ElfData data, ulong alignment, Func<ElfSamples, ElfSamples> notes, int cut = 0)
    {
        var file = notes(new ElfSamples(elfClass, data).Header()).Bytes[..^cut];
        var start = elfClass == ElfClass.Elf64 ? 64ul : 52;
        var segment = new ElfProgramHeader { Offset = start, FileSize = (ulong)file.Length - start, Alignment = alignment };
        return [.. ElfSamples.Open(file).EnumerateNotes(segment)];
    }
}
