using System.Text.RegularExpressions;
using ElfMmu.Elf;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf;

public sealed class ElfEncoderTests : IDisposable
{
    private const int Many = 70_000;

    private readonly string _path = Path.Combine(Path.GetTempPath(), "elf-" + Guid.NewGuid().ToString("n"));

    public static TheoryData<ElfClass, ElfData> Formats => ElfSamples.Formats;

    public void Dispose() => File.Delete(_path);

    [Theory]
    [MemberData(nameof(Formats))]
    public void Writes_the_bytes_of_the_specification(ElfClass elfClass, ElfData data)
    {
        var expected = new ElfSamples(elfClass, data)
            .Header(
                type: 4,
                machine: 40,
                entry: 0x11223344,
                programHeaders: 0x55,
                programHeaderCount: 7,
                sectionHeaders: 0x66,
                sectionHeaderCount: 9,
                names: 8,
                flags: 0x5000400)
            .Bytes;
        var bytes = new byte[expected.Length];
        ElfEncoder.WriteHeader(bytes, new ElfLayout
        {
            Class = elfClass,
            Data = data,
            Type = ElfType.Core,
            Machine = ElfMachine.Arm,
            EntryPoint = 0x11223344,
            ProgramHeaderOffset = 0x55,
            ProgramHeaderCount = 7,
            SectionHeaderOffset = 0x66,
            SectionHeaderCount = 9,
            SectionNameIndex = 8,
            Flags = 0x5000400,
        });
        Assert.Equal(expected, bytes);

        expected = new ElfSamples(elfClass, data).Program(1, 5, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60).Bytes;
        bytes = new byte[expected.Length];
        ElfEncoder.WriteProgramHeader(bytes, elfClass, data, new ElfProgramHeader
        {
            Type = ElfSegmentType.Load,
            Flags = (ElfSegmentFlags)5,
            Offset = 0x10,
            VirtualAddress = 0x20,
            PhysicalAddress = 0x30,
            FileSize = 0x40,
            MemorySize = 0x50,
            Alignment = 0x60,
        });
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData(65_534, 65_534, 0)]
    [InlineData(65_535, 65_535, 65_535)]
    [InlineData(65_536, 65_535, 65_536)]
    public void Pn_xnum_starts_at_65535(ulong count, ushort field, uint info)
    {
        var layout = new ElfLayout
        {
            Class = ElfClass.Elf64,
            Data = ElfData.LittleEndian,
            ProgramHeaderOffset = 128,
            ProgramHeaderCount = count,
            SectionHeaderOffset = 64,
            SectionHeaderCount = 1,
        };
        var file = new byte[128];
        ElfEncoder.WriteHeader(file, layout);
        ElfEncoder.WriteSectionZero(file.AsSpan(64), layout);
        var reader = ElfSamples.Open(file);
        Assert.Equal((field, count), (reader.Header.ProgramHeaderCountField, reader.Header.ProgramHeaderCount));
        Assert.Equal(info, reader.ReadSectionHeader(0).Info);
    }

    [ToolFact("readelf")]
    public void Readelf_reads_70000_segments_without_a_warning()
    {
        foreach (var (elfClass, data) in ElfSamples.AllFormats)
        {
            var programSize = ElfEncoder.ProgramHeaderSize(elfClass);
            var sections = ElfEncoder.HeaderSize(elfClass);
            var programs = sections + ElfEncoder.SectionHeaderSize(elfClass);
            var file = new byte[programs + (Many * programSize)];
            var layout = new ElfLayout
            {
                Class = elfClass,
                Data = data,
                Type = ElfType.Core,
                Machine = ElfMachine.RiscV,
                ProgramHeaderOffset = (ulong)programs,
                ProgramHeaderCount = Many,
                SectionHeaderOffset = (ulong)sections,
                SectionHeaderCount = 1,
            };
            ElfEncoder.WriteHeader(file, layout);
            ElfEncoder.WriteSectionZero(file.AsSpan(sections), layout);
            var expected = new ElfProgramHeader[Many];
            for (var i = 0; i < Many; i++)
            {
                expected[i] = new ElfProgramHeader
                {
                    Type = ElfSegmentType.Load,
                    Flags = (ElfSegmentFlags)(i % 8),
                    VirtualAddress = (ulong)i * 0x2000,
                    PhysicalAddress = (ulong)i * 0x1000,
                    MemorySize = 0x1000,
                    Alignment = 0x1000,
                };
                ElfEncoder.WriteProgramHeader(file.AsSpan(programs + (i * programSize)), elfClass, data, expected[i]);
            }

            var output = AskReadelf(file, "-hlW", reader =>
            {
                Assert.Equal((0xffff, (ulong)Many), (reader.Header.ProgramHeaderCountField, reader.Header.ProgramHeaderCount));
                Assert.Equal(expected, reader.ReadProgramHeaders());
            });
            Assert.Equal(Many, Regex.Count(output, "^  LOAD ", RegexOptions.Multiline));
            Assert.Matches(@"Number of program headers:\s+65535 \(70000\)", output);
        }
    }

    [ToolFact("readelf")]
    public void Readelf_reads_70000_sections_without_a_warning()
    {
        foreach (var (elfClass, data) in ElfSamples.AllFormats)
        {
            var size = ElfEncoder.SectionHeaderSize(elfClass);
            var sections = ElfEncoder.HeaderSize(elfClass);
            var names = sections + (Many * size);
            var file = new byte[names + 1];
            var layout = new ElfLayout
            {
                Class = elfClass,
                Data = data,
                Type = ElfType.Core,
                Machine = ElfMachine.RiscV,
                SectionHeaderOffset = (ulong)sections,
                SectionHeaderCount = Many,
                SectionNameIndex = Many - 1,
            };
            ElfEncoder.WriteHeader(file, layout);
            ElfEncoder.WriteSectionZero(file.AsSpan(sections), layout);

            // The section of names is the last, an SHT_STRTAB (3) with the empty name alone.
            var last = new ElfSectionHeader { Type = 3, Offset = (ulong)names, Size = 1, Alignment = 1 };
            ElfEncoder.WriteSectionHeader(file.AsSpan(names - size), elfClass, data, last);

            var output = AskReadelf(file, "-hW", reader =>
            {
                var h = reader.Header;
                Assert.Equal((0, 0xffff), (h.SectionHeaderCountField, h.SectionNameIndexField));
                Assert.Equal(((ulong)Many, (uint)Many - 1), (h.SectionHeaderCount, h.SectionNameIndex));
                Assert.Equal(last, reader.ReadSectionHeader(Many - 1));
            });
            Assert.Matches(@"Number of section headers:\s+0 \(70000\)", output);
            Assert.Matches(@"Section header string table index:\s+65535 \(69999\)", output);
        }
    }

    [Fact]
    public void A_program_header_is_written_without_allocating()
    {
        var bytes = new byte[56];
        var header = new ElfProgramHeader { Type = ElfSegmentType.Load, VirtualAddress = 0x1000 };
        ElfEncoder.WriteProgramHeader(bytes, ElfClass.Elf64, ElfData.LittleEndian, header);

        // While the runtime compiles the loop again it may allocate a little itself; that passes.
        Assert.Equal(0, Enumerable.Range(0, 4).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 262_144; i++)
            {
                ElfEncoder.WriteProgramHeader(bytes, ElfClass.Elf64, ElfData.LittleEndian, header);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }));
    }

    private string AskReadelf(byte[] file, string arguments, Action<ElfReader> check)
    {
        File.WriteAllBytes(_path, file);
        using (var input = new ElfFileInput(_path))
        {
            var reader = ElfReader.Open(input);
            Assert.Empty(reader.Header.Warnings);
            check(reader);
        }

        var (output, errors) = Tool.Run("readelf", arguments, _path);
        Assert.Equal("", errors);
        return output;
    }
}
