using System.Buffers.Binary;
using ElfMmu.Elf;
using ElfMmu.Elf.Checking;
using ElfMmu.Elf.Sections;
using ElfMmu.Tests.Elf.Sections;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf.Checking;

/// <summary>Sound files are quiet, each kind of damage has its name, and chance damage ends in nothing else.</summary>
public sealed class ElfChecksTests
{
    private const int SectionName = 0;
    private const int SectionType = 4;
    private const int SectionFlags = 8;
    private const int SectionAddress = 16;
    private const int SectionOffset = 24;
    private const int SectionSize = 32;
    private const int SectionLink = 40;
    private const int SectionInfo = 44;
    private const int SectionAlign = 48;
    private const int SectionEntry = 56;

    [Fact]
    public void No_check_is_forgotten() => Assert.Equal(
        typeof(IElfCheck).Assembly.GetTypes().Where(t => t.IsClass && t.IsAssignableTo(typeof(IElfCheck))).Select(t => t.Name).Order(),
        ElfChecks.All.Select(c => c.GetType().Name).Order());

    [ToolTheory("readelf")]
    [InlineData(40)]
    public void Real_files_are_quiet(int ofEachKind)
    {
        foreach (string path in RealFiles.Some(ofEachKind))
        {
            using var file = ElfFile.Open(path);
            IReadOnlyList<ElfFinding> findings = ElfChecks.Run(file);
            Assert.True(findings.Count == 0, path + ": " + string.Join('\n', findings));
        }
    }

    [ToolFact("gcc")]
    public void Every_damage_has_its_name()
    {
        using var folder = new TempFolder();
        byte[] good = Program(folder);
        Assert.Empty(Check(good));

        Damaged(good, "SectionOutsideFile", (b, f) => Section(b, f, ".text", SectionSize, 1ul << 40));
        Damaged(good, "SectionOverlap", (b, f) => Section(b, f, ".data", SectionOffset, Of(f, ".text").Offset));
        Damaged(good, "SectionMemoryOverlap", (b, f) => Section(b, f, ".data", SectionAddress, Of(f, ".text").Address));
        Damaged(good, "SectionLink", (b, f) => Section(b, f, ".dynsym", SectionLink, 999u));
        Damaged(good, "SectionLinkType", (b, f) => Section(b, f, ".dynsym", SectionLink, (uint)Index(f, ".text")));
        Damaged(good, "SectionInfo", (b, f) => Section(b, f, ".rela.dyn", SectionInfo, 999u));
        Damaged(good, "SectionAlignment", (b, f) => Section(b, f, ".text", SectionAlign, 3ul));
        Damaged(good, "SectionAlignment", (b, f) => Section(b, f, ".text", SectionAlign, 1ul << 40));
        Damaged(good, "SectionEntrySize", (b, f) => Section(b, f, ".dynsym", SectionEntry, 25ul));
        Damaged(good, "SectionSize", (b, f) => Section(b, f, ".dynsym", SectionSize, Of(f, ".dynsym").Size - 1));
        Damaged(good, "FirstGlobal", (b, f) => Section(b, f, ".dynsym", SectionInfo, 100_000u));
        Damaged(good, "StringTableEnd", (b, f) => b[(int)(Of(f, ".dynstr").Offset + Of(f, ".dynstr").Size - 1)] = 65);
        Damaged(good, "SectionName", (b, f) => Section(b, f, ".text", SectionName, 1u << 30));
        Damaged(good, "SectionNamesType", (b, f) => Section(b, f, ".shstrtab", SectionType, 1u));
        Damaged(good, "SectionCompressed", (b, f) => Section(b, f, ".text", SectionFlags, 0x806ul));
        Damaged(good, "SectionWraps", (b, f) => Section(b, f, ".bss", SectionSize, ulong.MaxValue));
        Damaged(good, "SectionZero", (b, f) => b[(int)f.Header.SectionHeaderOffset + SectionInfo] = 1);
        Damaged(good, "SegmentOutsideFile", (b, f) => Segment(b, f, ElfSegmentType.Note, 32, 1ul << 40));
        Damaged(good, "SegmentLargerInFile", (b, f) => Segment(b, f, ElfSegmentType.Load, 40, 1ul));
        Damaged(good, "SegmentAlignment", (b, f) => Segment(b, f, ElfSegmentType.Load, 48, 3ul));
        Damaged(good, "SegmentCongruence", (b, f) => Segment(b, f, ElfSegmentType.Load, 16, 0x400ul));
        Damaged(good, "SegmentOverlap", (b, f) => Segment(b, f, ElfSegmentType.Load, 40, 1ul << 20));
        Damaged(good, "SegmentOrder", (b, f) => Segment(b, f, ElfSegmentType.Load, 16, 1ul << 30));
        Damaged(good, "SegmentWraps", (b, f) => Segment(b, f, ElfSegmentType.Load, 16, 0xfffffffffffffff0ul));
        Damaged(good, "SegmentTwice", (b, f) => Segment(b, f, ElfSegmentType.Note, 0, 3u));
        Damaged(good, "SegmentNotLoaded", (b, f) => Segment(b, f, ElfSegmentType.Dynamic, 16, 1ul << 30));
        Damaged(good, "InterpreterEnd", (b, f) => b[(int)(Of(f, ".interp").Offset + Of(f, ".interp").Size - 1)] = 65);
        Damaged(good, "EntryPoint", (b, f) => BinaryPrimitives.WriteUInt64LittleEndian(b.AsSpan(24), 1ul << 30));
        Damaged(good, "EntryPoint", (b, f) => BinaryPrimitives.WriteUInt64LittleEndian(b.AsSpan(24), Of(f, ".data").Address));
        Damaged(good, "HeaderContradiction", (b, f) => b[52] = 1);
        Damaged(good, "CompressionHeaderMissing", (b, f) =>
        {
            Section(b, f, ".comment", SectionFlags, 0x800ul);
            Section(b, f, ".comment", SectionSize, 4ul);
        });
    }

    [ToolFact("gcc")]
    public void Groups_that_share_members_are_told()
    {
        using var folder = new TempFolder();
        string source = folder.Write("a.cpp", "inline int one() { return 1; } inline int two() { return 2; } int (*a)() = one; int (*b)() = two;");
        string path = folder.File("a.o");
        ToolResult made = Tools.Run("gcc", "-c", source, "-o", path);
        Assert.True(made.ExitCode == 0, made.Errors);
        byte[] bytes = File.ReadAllBytes(path);
        using var file = ElfFile.Open(path);
        ElfSection[] groups = [.. ElfSections.Read(file).Where(s => s.Type == 17)];
        Assert.Equal(["_Z3onev", "_Z3twov"], groups.Select(g => g.GroupName).Order());
        foreach (ElfSection group in groups)
        {
            Assert.NotEmpty(group.GroupMembers);
            foreach (ElfSection member in ElfSections.Read(file).Where(s => group.GroupMembers.Contains(s.Index)))
            {
                Assert.Equal(group.Index, member.Group);
                Assert.Equal(group.GroupName, member.GroupName);
                Assert.Contains('G', member.FlagLetters);
            }
        }

        Assert.Empty(Check(bytes));
        bytes.AsSpan((int)groups[0].Offset + 4, 4).CopyTo(bytes.AsSpan((int)groups[1].Offset + 4));
        Assert.Contains(Check(bytes), f => f.Id == "GroupTwice");
        bytes[(int)groups[1].Offset + 7] = 0x7f;
        Assert.Contains(Check(bytes), f => f.Id == "GroupMember");
    }

    [ToolTheory("readelf")]
    [InlineData(1)]
    [InlineData(2)]
    public void Chance_damage_ends_in_results_or_in_one_kind_of_error(int seed)
    {
        var random = new Random(seed);
        byte[][] files = [.. RealFiles.Some(ofEachKind: 2).Where(p => new FileInfo(p).Length is > 500 and < 400_000).Select(File.ReadAllBytes)];
        Assert.NotEmpty(files);
        for (int round = 0; round < 400; round++)
        {
            byte[] bytes = (byte[])files[random.Next(files.Length)].Clone();
            if (round % 5 == 0)
            {
                Array.Resize(ref bytes, random.Next(bytes.Length));
            }

            for (int i = random.Next(1, 30); i > 0 && bytes.Length > 16; i--)
            {
                // The headers are where most is decided: at the start, and at the end.
                int at = random.Next(3) switch
                {
                    0 => random.Next(4, Math.Min(bytes.Length, 600)),
                    1 => bytes.Length - 1 - random.Next(Math.Min(bytes.Length - 4, 4000)),
                    _ => random.Next(4, bytes.Length),
                };
                bytes[at] = random.Next(3) == 0 ? (byte)0xff : (byte)random.Next(256);
            }

            try
            {
                using ElfFile file = Open(bytes);
                foreach (ElfSegment segment in ElfSegments.Read(file))
                {
                    _ = segment.ToString() + segment.SectionNames.Count;
                }

                foreach (ElfSection section in ElfSections.Read(file, new ElfSectionOptions { Content = true, Decompress = true, Entropy = true }))
                {
                    _ = section.ToString() + section.LinkName + section.InfoName + section.FlagNames.Count + section.Rights;
                }

                Assert.All(ElfStringSearch.Find(file), s => Assert.True(s.Length > 0));
                Assert.All(ElfChecks.Run(file), f => Assert.NotEmpty(f.Message));
            }
            catch (ElfMmuException)
            {
                // The only kind of error there may be.
            }
        }
    }

    private static byte[] Program(TempFolder folder)
    {
        string source = folder.Write("p.c", "int data = 1; int bss[1000]; int main(void) { return data + bss[1]; }");
        string path = folder.File("p");
        ToolResult made = Tools.Run("gcc", "-pie", "-fPIE", source, "-o", path);
        Assert.True(made.ExitCode == 0, made.Errors);
        return File.ReadAllBytes(path);
    }

    private static void Damaged(byte[] good, string id, Action<byte[], ElfFile> damage)
    {
        byte[] bytes = (byte[])good.Clone();
        using (ElfFile file = Open(good))
        {
            damage(bytes, file);
        }

        Assert.Contains(id, Check(bytes).Select(f => f.Id));
    }

    private static IReadOnlyList<ElfFinding> Check(byte[] bytes)
    {
        using ElfFile file = Open(bytes);
        return ElfChecks.Run(file);
    }

    private static ElfFile Open(byte[] bytes) => ElfFile.Open(new ElfMemoryInput(bytes), new ElfFileSource("/none"));

    private static int Index(ElfFile file, string name) => Enumerable.Range(0, file.SectionHeaders.Length).First(i => file.SectionName(i) == name);

    private static ElfSectionHeader Of(ElfFile file, string name) => file.SectionHeaders[Index(file, name)];

    private static Span<byte> Field(byte[] bytes, ElfFile file, string section, int field) =>
        bytes.AsSpan((int)file.Header.SectionHeaderOffset + (64 * Index(file, section)) + field);

    private static void Section(byte[] bytes, ElfFile file, string section, int field, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(Field(bytes, file, section, field), value);

    private static void Section(byte[] bytes, ElfFile file, string section, int field, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(Field(bytes, file, section, field), value);

    private static Span<byte> Field(byte[] bytes, ElfFile file, ElfSegmentType type, int field)
    {
        int index = Enumerable.Range(0, file.ProgramHeaders.Length).First(i => file.ProgramHeaders[i].Type == type);
        return bytes.AsSpan((int)file.Header.ProgramHeaderOffset + (56 * index) + field);
    }

    private static void Segment(byte[] bytes, ElfFile file, ElfSegmentType type, int field, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(Field(bytes, file, type, field), value);

    private static void Segment(byte[] bytes, ElfFile file, ElfSegmentType type, int field, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(Field(bytes, file, type, field), value);
}
