using System.Globalization;
using System.Text.RegularExpressions;
using ElfMmu.Elf;
using ElfMmu.Elf.Sections;
using ElfMmu.Tests.Elf.Fuzzing;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf.Sections;

/// <summary>Sections and segments of files of many processors, line by line as readelf prints them.</summary>
public sealed partial class ReadelfTests
{
    [ToolFact("readelf")]
    public void Sections_are_those_readelf_prints()
    {
        foreach (string path in RealFiles.Some(ofEachKind: 25))
        {
            string[] theirs = [.. Lines(path, "-S").Select(l => SectionLine().Match(l)).Where(m => m.Success).Select(m => Squeeze(m.Groups[1].Value))];
            using var file = ElfFile.Open(path);
            string[] ours = [.. ElfSections.Read(file).Select(s => Squeeze(Line(s, file.Header)))];
            Assert.True(theirs.SequenceEqual(ours), path + "\n" + Difference(theirs, ours));
            Assert.Empty(file.Diagnostics);
        }
    }

    /// <summary>Member by member; the C library has some two thousand.</summary>
    [ToolFact("readelf")]
    public void Sections_of_an_archives_members_are_those_readelf_prints()
    {
        using var folder = new TempFolder();
        string[] archives =
        [
            folder.Write("x86_64.a", ElfSeeds.All.Single(s => s.Name == "x86_64.a").Bytes),
            .. new[] { "/usr/lib/x86_64-linux-gnu/libc.a", "/usr/aarch64-linux-gnu/lib/libc.a", "/usr/arm-linux-gnueabihf/lib/libc.a" }.Where(File.Exists),
        ];
        foreach (string path in archives)
        {
            string[] theirs = [.. Lines(path, "-S").Select(l => l.StartsWith("File: ", StringComparison.Ordinal) ? l
                : SectionLine().Match(l) is { Success: true } section ? Squeeze(section.Groups[1].Value) : "").Where(l => l.Length > 0)];
            List<string> ours = [];
            foreach (ArMember member in ArArchive.Members(path))
            {
                using ElfFile file = member.OpenElf();
                ours.Add("File: " + member.Path);
                ours.AddRange(ElfSections.Read(file).Select(s => Squeeze(Line(s, file.Header))));
            }

            Assert.True(theirs.SequenceEqual(ours), path + "\n" + Difference(theirs, [.. ours]));
            Assert.True(ours.Count > 10);
        }
    }

    [ToolFact("readelf")]
    public void Segments_hold_the_sections_readelf_says()
    {
        int interpreters = 0;
        int mapped = 0;
        foreach (string path in RealFiles.Some(ofEachKind: 25))
        {
            string[] lines = Lines(path, "-l");
            using var file = ElfFile.Open(path);
            ElfSegment[] segments = [.. ElfSegments.Read(file)];

            string[] theirs = [.. lines.SkipWhile(l => !l.Contains("Segment Sections...", StringComparison.Ordinal)).Skip(1)
                .Where(l => l.Length > 0).Select(Squeeze)];
            string[] ours = [.. segments.Select(s => Squeeze($"{s.Index:00} {string.Join(' ', s.SectionNames)}"))];
            if (theirs.Length > 0)
            {
                Assert.True(theirs.SequenceEqual(ours), path + "\n" + Difference(theirs, ours));
                mapped++;
            }

            string[] asked = [.. lines.Select(l => InterpreterLine().Match(l)).Where(m => m.Success).Select(m => m.Groups[1].Value)];
            Assert.Equal(asked, segments.Where(s => s.Interpreter != null).Select(s => s.Interpreter));
            interpreters += asked.Length;
            string[] types = [.. lines.SkipWhile(l => !l.StartsWith("Program Headers", StringComparison.Ordinal)).Skip(2)
                .TakeWhile(l => l.Length > 0).Where(l => !l.Contains('[', StringComparison.Ordinal)).Select(Squeeze)];
            Assert.Equal(types, segments.Select(s => Squeeze(Line(s, file.Header))));
        }

        Assert.True(interpreters > 0);
        Assert.True(mapped > 0);
    }

    [ToolFact("readelf")]
    public void Flags_and_types_of_every_number_are_those_readelf_prints()
    {
        using var folder = new TempFolder();
        foreach (ElfMachine machine in new[]
        {
            ElfMachine.X86_64, ElfMachine.AArch64, ElfMachine.Mips, ElfMachine.RiscV, ElfMachine.PaRisc, ElfMachine.SparcV9,
            ElfMachine.Alpha, ElfMachine.PowerPC64, ElfMachine.Arm, ElfMachine.PowerPC, ElfMachine.Msp430,
        })
        {
            foreach (ElfOsAbi abi in new[] { ElfOsAbi.None, ElfOsAbi.Gnu })
            {
                // A header each: types around every range's start, then a bit of the flags each.
                (uint Type, ulong Flags)[] cases =
                [
                    .. Enumerable.Range(0, 24).Select(t => ((uint)t, 0ul)),
                    .. Enumerable.Range(0, 0x32).Select(t => (0x70000000u + (uint)t, 0ul)),
                    (0x60000010, 0), (0x6fff4700, 0), (0x6ffffff5, 0), (0x6ffffff6, 0), (0x6ffffff7, 0), (0x6ffffffd, 0), (0x6ffffffe, 0),
                    (0x6fffffff, 0), (0x7ffffffd, 0), (0x7fffffff, 0), (0x80000007, 0), (0x12345678, 0),
                    .. Enumerable.Range(0, 32).Where(b => b is not 11).Select(b => (1u, 1ul << b)),
                    (1, 0x0ff00003), (1, 0x70000006), (1, 0x3), (1, 0x36),
                ];
                string path = folder.Write("x.elf", Headers(machine, abi, cases));
                string[] theirs = [.. Lines(path, "-S").Select(l => SectionLine().Match(l)).Where(m => m.Success).Select(m => Squeeze(m.Groups[1].Value.Replace("<no-strings>", "", StringComparison.Ordinal)))];
                using var file = ElfFile.Open(path);
                string[] ours = [.. ElfSections.Read(file).Select(s => Squeeze(Line(s, file.Header)))];
                Assert.True(theirs.SequenceEqual(ours), $"{machine} {abi}\n" + Difference(theirs, ours));
            }
        }
    }

    private static byte[] Headers(ElfMachine machine, ElfOsAbi abi, (uint Type, ulong Flags)[] cases)
    {
        var layout = new ElfLayout
        {
            Class = ElfClass.Elf64, Data = ElfData.LittleEndian, Type = ElfType.Relocatable, Machine = machine, OsAbi = abi,
            SectionHeaderOffset = 64, SectionHeaderCount = (ulong)cases.Length + 1,
        };
        byte[] bytes = new byte[64 + (64 * (cases.Length + 1))];
        ElfEncoder.WriteHeader(bytes, layout);
        for (int i = 0; i < cases.Length; i++)
        {
            ElfEncoder.WriteSectionHeader(
                bytes.AsSpan(64 + (64 * (i + 1))), ElfClass.Elf64, ElfData.LittleEndian,
                new ElfSectionHeader { Type = cases[i].Type, Flags = cases[i].Flags, EntrySize = EntrySize(cases[i].Type) });
        }

        return bytes;
    }

    /// <summary>What readelf prints even where the header says otherwise.</summary>
    private static ulong EntrySize(uint type) => type switch
    {
        2 or 4 or 11 => 24,
        9 => 16,
        17 or 18 => 4,
        19 => 8,
        _ => 0,
    };

    private static string Line(ElfSection s, ElfHeader header)
    {
        string type = s.TypeName switch
        {
            "SHT_GNU_verdef" => "VERDEF",
            "SHT_GNU_verneed" => "VERNEED",
            "SHT_GNU_versym" => "VERSYM",
            "SHT_SYMTAB_SHNDX" => "SYMTAB SECTION INDICES",
            "SHT_ALPHA_DEBUG" => "LOPROC+0x1",
            "SHT_ALPHA_REGINFO" => "LOPROC+0x2",
            "SHT_SPARC_GOTDATA" => "LOPROC+0",
            "SHT_AARCH64_AUTH_RELR" => "LOPROC+0x4",
            "SHT_AARCH64_MEMTAG_GLOBALS_STATIC" => "LOPROC+0x7",
            "SHT_AARCH64_MEMTAG_GLOBALS_DYNAMIC" => "LOPROC+0x8",
            "SHT_LOPROC" => "LOPROC+0",
            var other when other.StartsWith("SHT_LLVM", StringComparison.Ordinal) || other.StartsWith("SHT_ANDROID", StringComparison.Ordinal) =>
                string.Create(CultureInfo.InvariantCulture, $"LOOS+0x{s.Type - 0x60000000:x}"),
            var other when other.StartsWith("SHT_0x", StringComparison.Ordinal) => string.Create(CultureInfo.InvariantCulture, $"{s.Type:x8}: <unknown>"),
            var other => other[4..],
        };
        string digits = header.Class == ElfClass.Elf64 ? "x16" : "x8";
        return string.Create(CultureInfo.InvariantCulture, $"[{s.Index,2}] {s.Name} {type} {s.Address.ToString(digits, null)} {s.Offset:x6} {s.Size:x6} ")
            + string.Create(CultureInfo.InvariantCulture, $"{s.EntrySize:x2} {s.FlagLetters} {s.Link} {s.Info} {s.Alignment}");
    }

    private static string Line(ElfSegment s, ElfHeader header)
    {
        string type = s.TypeName switch
        {
            "PT_ARM_EXIDX" => "EXIDX",
            var other when other.StartsWith("PT_MIPS_", StringComparison.Ordinal) => other[8..],
            var other => other[3..],
        };
        type = type.Length > 14 ? type[..14] : type;
        string digits = header.Class == ElfClass.Elf64 ? "x16" : "x8";
        string size = header.Class == ElfClass.Elf64 ? "x6" : "x5";
        string rights = s.Rights.Replace("x", "E", StringComparison.Ordinal).ToUpperInvariant().Replace('-', ' ');
        return string.Create(CultureInfo.InvariantCulture, $"{type} 0x{s.Offset:x6} 0x{s.VirtualAddress.ToString(digits, null)} ")
            + string.Create(CultureInfo.InvariantCulture, $"0x{s.PhysicalAddress.ToString(digits, null)} 0x{s.FileSize.ToString(size, null)} ")
            + string.Create(CultureInfo.InvariantCulture, $"0x{s.MemorySize.ToString(size, null)} {rights} {(s.Alignment == 0 ? "0" : $"0x{s.Alignment:x}")}");
    }

    private static string[] Lines(string path, string option) => Tools.Run("readelf", option, "-W", path).Output.Split('\n');

    private static string Squeeze(string line) => Blanks().Replace(line, " ").Trim();

    private static string Difference(string[] theirs, string[] ours) => string.Join('\n', theirs.Except(ours).Take(3).Select(l => "readelf: " + l)
        .Concat(ours.Except(theirs).Take(3).Select(l => "ours:    " + l)));

    [GeneratedRegex(@"^  (\[ *[0-9]+\] .*)$")]
    private static partial Regex SectionLine();

    [GeneratedRegex(@"Requesting program interpreter: (.*)\]")]
    private static partial Regex InterpreterLine();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
