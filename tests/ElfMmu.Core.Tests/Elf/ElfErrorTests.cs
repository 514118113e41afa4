using ElfMmu.Elf;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf;

public sealed class ElfErrorTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), "elf-" + Guid.NewGuid().ToString("n"));

    private static byte[] Typical => ElfSamples.Typical(ElfClass.Elf64, ElfData.LittleEndian);

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("")]
    [InlineData("7f")]
    [InlineData("7f454c")]
    [InlineData("454d694c01000000000000000000000000000000")]
    public void NotElf(string hex) => Fails("NotElf", ErrorKind.InvalidData, () => ElfSamples.Open(Convert.FromHexString(hex)));

    [Theory]
    [InlineData(4)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(63)]
    public void ElfTruncated_within_the_header(int length) =>
        Fails("ElfTruncated", ErrorKind.InvalidData, () => ElfSamples.Open(Typical[..length]));

    [Fact]
    public void ElfTruncated_within_the_program_headers()
    {
        var reader = ElfSamples.Open(Typical[..(64 + (3 * 56) - 1)]);
        var e = Fails("ElfTruncated", ErrorKind.InvalidData, () => reader.ReadProgramHeaders());
        Assert.Equal(64ul, e.Offset);
    }

    [Fact]
    public void ElfTruncated_before_a_section_header()
    {
        var reader = ElfSamples.Open(Typical[..(64 + (3 * 56) + 63)]);
        Fails("ElfTruncated", ErrorKind.InvalidData, () => reader.ReadSectionHeader(0));
    }

    [Fact]
    public void ElfTruncated_notes()
    {
        var reader = ElfSamples.Open(Typical);
        var segment = new ElfProgramHeader { Offset = 64, FileSize = (ulong)Typical.Length - 63 };
        Fails("ElfTruncated", ErrorKind.InvalidData, () => reader.EnumerateNotes(segment));
        segment = new ElfProgramHeader { Offset = ulong.MaxValue, FileSize = 2 };
        Fails("ElfTruncated", ErrorKind.InvalidData, () => reader.EnumerateNotes(segment));
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(4, 3)]
    [InlineData(5, 0)]
    [InlineData(5, 3)]
    public void ElfInvalid_class_or_byte_order(int offset, byte value)
    {
        var file = Typical;
        file[offset] = value;
        var e = Fails("ElfInvalid", ErrorKind.InvalidData, () => ElfSamples.Open(file));
        Assert.Equal((ulong)offset, e.Offset);
    }

    [Fact]
    public void ElfSectionNotFound() =>
        Fails("ElfSectionNotFound", ErrorKind.InvalidArgument, () => ElfSamples.Open(Typical).ReadSectionHeader(1));

    [Fact]
    public void ElfTooManyProgramHeaders()
    {
        var file = new ElfSamples(ElfClass.Elf64, ElfData.LittleEndian)
            .Header(programHeaders: 128, programHeaderCount: 0xffff, sectionHeaders: 64, sectionHeaderCount: 1)
            .Section(info: (uint)ElfReader.MaxProgramHeaders + 1).Bytes;
        var reader = ElfReader.Open(new SparseInput(file, 1ul << 40));
        Assert.Empty(reader.Header.Warnings);
        Fails("ElfTooManyProgramHeaders", ErrorKind.LimitsExceeded, () => reader.ReadProgramHeaders());
    }

    [Fact]
    public void ElfNotesTooLarge()
    {
        var reader = ElfReader.Open(new SparseInput(Typical, 1ul << 40));
        var segment = new ElfProgramHeader { FileSize = ElfReader.MaxNoteSegmentSize + 1 };
        Fails("ElfNotesTooLarge", ErrorKind.LimitsExceeded, () => reader.EnumerateNotes(segment));
    }

    [Fact]
    public void ElfValueTooLarge()
    {
        var bytes = new byte[64];
        Fails("ElfValueTooLarge", ErrorKind.InvalidArgument, () => ElfEncoder.WriteProgramHeader(
            bytes, ElfClass.Elf32, ElfData.LittleEndian, new ElfProgramHeader { VirtualAddress = 1ul << 32 }));
        Fails("ElfValueTooLarge", ErrorKind.InvalidArgument, () => ElfEncoder.WriteHeader(
            bytes, new ElfLayout { Class = ElfClass.Elf32, Data = ElfData.BigEndian, EntryPoint = 1ul << 32 }));
        var many = new ElfLayout
        {
            Class = ElfClass.Elf64,
            Data = ElfData.BigEndian,
            ProgramHeaderCount = 1ul << 32,
            SectionHeaderOffset = 64,
            SectionHeaderCount = 1,
        };
        Fails("ElfValueTooLarge", ErrorKind.InvalidArgument, () => ElfEncoder.WriteHeader(bytes, many));
        Fails("ElfValueTooLarge", ErrorKind.InvalidArgument, () => ElfEncoder.WriteSectionZero(bytes, many));
        var registers = new Dictionary<string, ulong> { ["eax"] = 1ul << 32 };
        Fails("ElfValueTooLarge", ErrorKind.InvalidArgument, () =>
            CoreNoteLayouts.EncodePrStatus(ElfMachine.I386, ElfData.LittleEndian, registers, 1));
    }

    [Theory]
    [InlineData(0xffff, 0, 0)]
    [InlineData(0, 0xff00, 0)]
    [InlineData(0, 0, 0xff00)]
    public void ElfNeedsSectionZero(ulong segments, ulong sections, uint names)
    {
        var layout = new ElfLayout
        {
            Class = ElfClass.Elf64,
            Data = ElfData.LittleEndian,
            ProgramHeaderCount = segments,
            SectionHeaderCount = sections,
            SectionNameIndex = names,
        };
        Assert.True(layout.NeedsSectionZero);
        Fails("ElfNeedsSectionZero", ErrorKind.InvalidArgument, () => ElfEncoder.WriteHeader(new byte[64], layout));
    }

    [Fact]
    public void The_encoder_refuses_a_short_destination_and_formats_there_are_not()
    {
        Assert.Throws<ArgumentException>(() => ElfEncoder.HeaderSize(ElfClass.None));
        Assert.Throws<ArgumentException>(() => ElfEncoder.WriteProgramHeader(
            new byte[55], ElfClass.Elf64, ElfData.LittleEndian, default));
        Assert.Throws<ArgumentException>(() => ElfEncoder.WriteSectionHeader(
            new byte[64], ElfClass.Elf64, ElfData.None, default));
    }

    [Theory]
    [InlineData(0ul, 5)]
    [InlineData(5ul, 1)]
    [InlineData(ulong.MaxValue, 2)]
    public void ReadError_outside_the_input(ulong offset, int count)
    {
        var memory = new ElfMemoryInput(new byte[4]);
        var e = Fails("ReadFailed", ErrorKind.ReadError, () => memory.Read(offset, new byte[count]));
        Assert.Equal(offset, e.Offset);
        File.WriteAllBytes(_path, new byte[4]);
        using var file = new ElfFileInput(_path);
        e = Fails("ReadFailed", ErrorKind.ReadError, () => file.Read(offset, new byte[count]));
        Assert.Equal(_path, e.Path);
    }

    [Fact]
    public void A_file_is_read_at_any_offset()
    {
        File.WriteAllBytes(_path, Typical);
        using var file = new ElfFileInput(_path);
        Assert.Equal((ulong)Typical.Length, file.Length);
        var bytes = new byte[10];
        file.Read(50, bytes);
        Assert.Equal(Typical[50..60], bytes);
        file.Read(file.Length, []);
    }

    [ToolFact("truncate")]
    public void ReadError_when_the_file_shrinks_while_it_is_open()
    {
        File.WriteAllBytes(_path, Typical);
        using var file = new ElfFileInput(_path);
        Tool.Run("truncate", "-s", "10", _path);
        Fails("ReadFailed", ErrorKind.ReadError, () => file.Read(0, new byte[64]));
    }

    [Fact]
    public void FileNotFound() => Fails("FileNotFound", ErrorKind.NotFound, () => new ElfFileInput(_path));

    [Fact]
    public void FileOpenFailed_for_a_folder() =>
        Fails("FileOpenFailed", ErrorKind.InvalidArgument, () => new ElfFileInput(Path.GetTempPath().TrimEnd('/', '\\')));

    [Fact]
    public void A_relative_path_is_a_mistake_of_the_caller() =>
        Assert.Throws<ArgumentException>(() => new ElfFileInput("phys.elf"));

    private static ElfMmuException Fails(string id, ErrorKind kind, Func<object?> action)
    {
        var e = Assert.Throws<ElfMmuException>(() => { _ = action(); });
        Assert.Equal((id, kind), (e.ErrorId, e.Kind));
        return e;
    }

    private static ElfMmuException Fails(string id, ErrorKind kind, Action action) =>
        Fails(id, kind, () =>
        {
            action();
            return null;
        });

    /// <summary>A short file followed by zeros without end.</summary>
    private sealed class SparseInput(byte[] start, ulong length) : IElfInput
    {
        public ulong Length => length;

        public string Name => "sparse";

        public void Read(ulong offset, Span<byte> destination)
        {
            destination.Clear();
            if (offset < (ulong)start.Length)
            {
                var rest = start.AsSpan((int)offset);
                rest[..Math.Min(rest.Length, destination.Length)].CopyTo(destination);
            }
        }
    }
}
