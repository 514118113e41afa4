using ElfMmu.Elf;
using Xunit;

namespace ElfMmu.Tests.Elf;

public class ElfHeaderTests
{
    public static TheoryData<ElfClass, ElfData> Formats => ElfSamples.Formats;

    [Fact]
    public void A_literal_64_bit_little_endian_header_is_read_field_by_field()
    {
        var file = Convert.FromHexString(
            "7f454c46020101030200000000000000" + "0400f30001000000" + "8877665544332211" + "4000000000000000" +
            "7800000000000000" + "05000000" + "4000" + "3800" + "0100" + "4000" + "0100" + "0000" +
            "0100000006000000" + "0010000000000000" + "00000000008000ff" + "0000008000000000" + "0020000000000000" +
            "0030000000000000" + "0010000000000000" + new string('0', 128));
        var reader = ElfSamples.Open(file);
        var h = reader.Header;
        Assert.Equal((ElfClass.Elf64, ElfData.LittleEndian), (h.Class, h.Data));
        Assert.Equal((1, ElfOsAbi.Gnu, 2), (h.IdentVersion, h.OsAbi, h.AbiVersion));
        Assert.Equal(new byte[7], h.IdentPadding);
        Assert.Equal((ElfType.Core, ElfMachine.RiscV, 1u, 0x1122334455667788ul), (h.Type, h.Machine, h.Version, h.EntryPoint));
        Assert.Equal((64ul, 120ul, 5u), (h.ProgramHeaderOffset, h.SectionHeaderOffset, h.Flags));
        Assert.Equal(["RVC", "double-float ABI"], h.FlagNames);
        Assert.Equal((64, 56, 1, 64, 1, 0), (h.HeaderSize, h.ProgramHeaderEntrySize, h.ProgramHeaderCountField,
            h.SectionHeaderEntrySize, h.SectionHeaderCountField, h.SectionNameIndexField));
        Assert.Equal((1ul, 1ul, 0u), (h.ProgramHeaderCount, h.SectionHeaderCount, h.SectionNameIndex));
        Assert.Equal(("ET_CORE", "Core file"), (h.TypeName, h.TypeDescription));
        Assert.Equal(("EM_RISCV", "RISC-V"), (h.MachineName, h.MachineDescription));
        Assert.Equal(("ELFOSABI_GNU", "UNIX - GNU"), (h.OsAbiName, h.OsAbiDescription));
        Assert.Empty(h.Warnings);
        Assert.Equal(
            new ElfProgramHeader
            {
                Type = ElfSegmentType.Load,
                Flags = ElfSegmentFlags.Read | ElfSegmentFlags.Write,
                Offset = 0x1000,
                VirtualAddress = 0xff00800000000000,
                PhysicalAddress = 0x80000000,
                FileSize = 0x2000,
                MemorySize = 0x3000,
                Alignment = 0x1000,
            },
            Assert.Single(reader.ReadProgramHeaders()));
    }

    [Fact]
    public void A_literal_32_bit_big_endian_header_is_read_field_by_field()
    {
        var file = Convert.FromHexString(
            "7f454c46010201000000000000000000" + "00020014" + "00000001" + "10000074" + "00000034" + "00000000" +
            "80008000" + "0034" + "0020" + "0001" + "0000" + "0000" + "0000" +
            "00000001" + "00000040" + "c0001000" + "00001000" + "00000014" + "00000018" + "00000005" + "00010000");
        var reader = ElfSamples.Open(file);
        var h = reader.Header;
        Assert.Equal((ElfClass.Elf32, ElfData.BigEndian), (h.Class, h.Data));
        Assert.Equal((ElfType.Executable, ElfMachine.PowerPC), (h.Type, h.Machine));
        Assert.Equal((0x10000074ul, 52ul, 0ul), (h.EntryPoint, h.ProgramHeaderOffset, h.SectionHeaderOffset));
        Assert.Equal(["emb", "relocatable-lib"], h.FlagNames);
        Assert.Empty(h.Warnings);
        Assert.Equal(
            new ElfProgramHeader
            {
                Type = ElfSegmentType.Load,
                Flags = ElfSegmentFlags.Read | ElfSegmentFlags.Execute,
                Offset = 0x40,
                VirtualAddress = 0xc0001000,
                PhysicalAddress = 0x1000,
                FileSize = 0x14,
                MemorySize = 0x18,
                Alignment = 0x10000,
            },
            Assert.Single(reader.ReadProgramHeaders()));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_typical_file_is_read_in_every_format_without_a_warning(ElfClass elfClass, ElfData data)
    {
        var reader = ElfSamples.Open(ElfSamples.Typical(elfClass, data));
        Assert.Empty(reader.Header.Warnings);
        Assert.Equal((elfClass, data), (reader.Header.Class, reader.Header.Data));
        var segments = reader.ReadProgramHeaders();
        Assert.Equal([ElfSegmentType.Note, ElfSegmentType.Load, ElfSegmentType.Load], segments.Select(s => s.Type));
        Assert.Equal([0ul, 0x80000000, 0x90000000], segments.Select(s => s.VirtualAddress));
        Assert.Equal([ElfSegmentFlags.None, (ElfSegmentFlags)6, (ElfSegmentFlags)5], segments.Select(s => s.Flags));
        Assert.Equal(["CORE", "QEMU", "FOSSIL"], reader.EnumerateNotes(segments[0]).Select(n => n.Name));
        Assert.Equal(new ElfSectionHeader(), reader.ReadSectionHeader(0));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Counts_that_overflow_stand_in_section_0(ElfClass elfClass, ElfData data)
    {
        var size = elfClass == ElfClass.Elf64 ? 64ul : 52;
        var file = new ElfSamples(elfClass, data)
            .Header(programHeaders: size + 64, programHeaderCount: 0xffff, sectionHeaders: size, names: 0xffff)
            .Section(size: 0x12345, link: 0x12344, info: 0x23456)
            .Bytes;
        var h = ElfSamples.Open(file).Header;
        Assert.Equal((0x23456ul, 0x12345ul, 0x12344u), (h.ProgramHeaderCount, h.SectionHeaderCount, h.SectionNameIndex));
        Assert.Equal((0xffff, 0, 0xffff), (h.ProgramHeaderCountField, h.SectionHeaderCountField, h.SectionNameIndexField));
    }

    [Fact]
    public void Pn_xnum_without_section_0_means_what_it_says_and_warns()
    {
        var file = new ElfSamples(ElfClass.Elf64, ElfData.LittleEndian)
            .Header(programHeaders: 64, programHeaderCount: 0xffff).Bytes;
        var h = ElfSamples.Open([.. file, .. new byte[65535 * 56]]).Header;
        Assert.Equal(65535ul, h.ProgramHeaderCount);
        Assert.Contains("PN_XNUM", Assert.Single(h.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Pn_xnum_with_an_empty_section_0_means_65535_and_warns()
    {
        var file = new ElfSamples(ElfClass.Elf64, ElfData.LittleEndian)
            .Header(programHeaders: 128, programHeaderCount: 0xffff, sectionHeaders: 64, sectionHeaderCount: 1).Section().Bytes;
        var h = ElfSamples.Open([.. file, .. new byte[65535 * 56]]).Header;
        Assert.Equal(65535ul, h.ProgramHeaderCount);
        Assert.Contains("sh_info says 0", Assert.Single(h.Warnings), StringComparison.Ordinal);
    }

    // Offset of a byte or a 16-bit field in the typical 64-bit file, its new value, and a part of the only warning.
    [Theory]
    [InlineData(6, 2, true, "e_ident[EI_VERSION] is 2")]
    [InlineData(12, 0xab, true, "e_ident[12] is 0xab")]
    [InlineData(20, 2, false, "e_version is 2")]
    [InlineData(16, 77, false, "e_type is 0x4d")]
    [InlineData(18, 3, false, "e_machine is EM_386, a 32-bit machine, but the class is ELFCLASS64")]
    [InlineData(18, 0x7777, false, "e_machine is 0x7777")]
    [InlineData(52, 63, false, "e_ehsize is 63, but the header of a 64-bit file has 64 bytes")]
    [InlineData(54, 57, false, "e_phentsize is 57, but an entry of a 64-bit file has 56 bytes; 56 is used")]
    [InlineData(54, 32, false, "e_phentsize is 32, but an entry of a 64-bit file has 56 bytes; 56 is used")]
    [InlineData(58, 32, false, "e_shentsize is 32, but an entry of a 64-bit file has 64 bytes; 64 is used")]
    [InlineData(32, 0, false, "e_phoff is 0, but there are 3 program headers")]
    [InlineData(32, 8, false, "e_phoff is 0x8, so the program headers overlap the ELF header")]
    [InlineData(32, 0xff00, false, "e_phoff is 0xff00, but the file ends at")]
    [InlineData(40, 0xff00, false, "e_shoff is 0xff00, but the file ends at")]
    [InlineData(40, 128, false, "(0x40 to 0xe8) and the section headers (0x80 to 0xc0) overlap")]
    [InlineData(56, 5000, false, "5000 program headers of 56 bytes at 0x40 don't fit")]
    [InlineData(60, 5000, false, "5000 section headers of 64 bytes at 0xe8 don't fit")]
    [InlineData(56, 0, false, "e_phoff is 0x40, but there are no program headers")]
    [InlineData(60, 0, false, "neither e_shnum nor section 0's sh_size counts any section")]
    [InlineData(62, 1, false, "e_shstrndx is 1, but there are only 1 sections")]
    public void What_contradicts_itself_is_a_warning(int offset, int value, bool isByte, string part)
    {
        var file = ElfSamples.Typical(ElfClass.Elf64, ElfData.LittleEndian);
        if (isByte)
        {
            file[offset] = (byte)value;
        }
        else
        {
            ElfSamples.Patch(file, ElfData.LittleEndian, offset, (ushort)value);
        }

        Assert.Contains(part, Assert.Single(ElfSamples.Open(file).Header.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_of_the_other_byte_order_is_a_warning()
    {
        var file = new ElfSamples(ElfClass.Elf64, ElfData.BigEndian).Header(machine: 62).Bytes;
        Assert.Contains("little-endian machine", Assert.Single(ElfSamples.Open(file).Header.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_entry_size_does_not_hide_the_segments()
    {
        var file = new ElfSamples(ElfClass.Elf32, ElfData.LittleEndian).Header(programHeaders: 52, programHeaderCount: 2)
            .Program(1, 4, 1, 2, 3, 4, 5, 6).Program(2, 5, 7, 8, 9, 10, 11, 12).Bytes;
        ElfSamples.Patch(file, ElfData.LittleEndian, 42, 0xff20);
        var segments = ElfSamples.Open(file).ReadProgramHeaders();
        Assert.Equal([ElfSegmentType.Load, ElfSegmentType.Dynamic], segments.Select(s => s.Type));
        Assert.Equal([6ul, 12], segments.Select(s => s.Alignment));
    }
}
