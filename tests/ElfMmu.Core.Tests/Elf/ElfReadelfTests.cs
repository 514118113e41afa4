using System.Globalization;
using System.Text.RegularExpressions;
using ElfMmu.Elf;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf;

/// <summary>Every field of real files, and the words for numbers, against what readelf prints.</summary>
public sealed partial class ElfReadelfTests : IDisposable
{
    private const int MaxFiles = 600;

    private readonly string _folder = Directory.CreateTempSubdirectory("elf-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ToolFact("readelf")]
    public void Real_files_have_the_headers_readelf_prints()
    {
        var files = RealFiles();
        Assert.NotEmpty(files);
        var (output, _) = Tool.Run("readelf", ["-hlW", .. files]);
        var reports = files.Count == 1 ? [output] : Regex.Split(output, @"^File: .*\n", RegexOptions.Multiline)[1..];
        Assert.Equal(files.Count, reports.Length);
        for (var i = 0; i < files.Count; i++)
        {
            using var input = new ElfFileInput(files[i]);
            var reader = ElfReader.Open(input);
            Assert.True(reader.Header.Warnings.Count == 0, files[i] + ": " + string.Join(' ', reader.Header.Warnings));
            Assert.Equal(Clean(reports[i]), Report(reader));
        }
    }

    [ToolFact("readelf")]
    public void Machines_are_described_as_readelf_does()
    {
        ElfMachine[] machines =
        [
            ElfMachine.Sparc, ElfMachine.I386, ElfMachine.M68K, ElfMachine.Mips, ElfMachine.PaRisc, ElfMachine.PowerPC,
            ElfMachine.PowerPC64, ElfMachine.S390, ElfMachine.Arm, ElfMachine.SuperH, ElfMachine.SparcV9, ElfMachine.IA64,
            ElfMachine.X86_64, ElfMachine.Avr, ElfMachine.Msp430, ElfMachine.AArch64, ElfMachine.RiscV, ElfMachine.Bpf,
            ElfMachine.CSky, ElfMachine.LoongArch, ElfMachine.Alpha,
        ];
        var reports = Ask([.. machines.Select(m => (m, 0u))], "Machine");
        Assert.Equal(reports, machines.Select(ElfNames.MachineDescription));
    }

    [ToolFact("readelf")]
    public void Flags_have_the_words_readelf_prints()
    {
        var cases = new List<(ElfMachine Machine, uint Flags)>();
        foreach (var machine in new[]
        {
            ElfMachine.RiscV, ElfMachine.PowerPC, ElfMachine.PowerPC64, ElfMachine.SparcV9, ElfMachine.LoongArch,
            ElfMachine.Mips, ElfMachine.Arm, ElfMachine.PaRisc, ElfMachine.SuperH,
        })
        {
            cases.AddRange(Enumerable.Range(0, 32).Select(bit => (machine, 1u << bit)));
            cases.AddRange(Enumerable.Range(1, 0x1f).Select(low => (machine, (uint)low)));
        }

        for (var version = 0u; version <= 5; version++)
        {
            cases.AddRange(Enumerable.Range(0, 24).Select(bit => (ElfMachine.Arm, (version << 24) | (1u << bit))));
            cases.Add((ElfMachine.Arm, (version << 24) | 0x00800200));
        }

        cases.AddRange(new[] { 0x20bu, 0x210u, 0x214u, 0x90214u }.Select(arch => (ElfMachine.PaRisc, arch)));
        cases.AddRange(Enumerable.Range(0, 256).Select(cpu => (ElfMachine.Mips, 0x70001007u | ((uint)cpu << 16))));
        cases.AddRange(Enumerable.Range(0, 16).Select(isa => (ElfMachine.Mips, 0x01000ff7u | ((uint)isa << 28))));
        cases.AddRange(Enumerable.Range(0, 16).Select(abi => (ElfMachine.Mips, 0x02000000u | ((uint)abi << 12))));

        // Bits nobody defined: we say which, readelf only that there are some, or nothing.
        var ours = cases.Select(c => ElfNames.Flags(c.Machine, c.Flags).ToList()).ToArray();
        foreach (var words in ours)
        {
            words.RemoveAll(w => w.StartsWith("unknown flag", StringComparison.Ordinal));
        }

        var theirs = Ask(cases, "Flags").Select(text =>
        {
            var words = text.Split(", ").Skip(1).ToList();
            words.RemoveAll(w => w == "<unknown>");
            return words;
        }).ToArray();
        for (var i = 0; i < cases.Count; i++)
        {
            Assert.Equal($"{cases[i]}: {string.Join(", ", theirs[i])}", $"{cases[i]}: {string.Join(", ", ours[i])}");
        }
    }

    private static List<string> RealFiles()
    {
        var files = new List<string>();
        foreach (var (folder, pattern, most) in new[]
        {
            ("/usr/bin", "*", MaxFiles / 2), ("/usr/lib/x86_64-linux-gnu", "*.so*", MaxFiles), ("/usr/lib", "*.so*", MaxFiles),
        })
        {
            if (!Directory.Exists(folder))
            {
                continue;
            }

            foreach (var path in Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal))
            {
                if (files.Count >= most)
                {
                    break;
                }

                try
                {
                    using var stream = File.OpenRead(path);
                    var start = new byte[4];
                    if (stream.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && ElfReader.IsElf(start))
                    {
                        files.Add(path);
                    }
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // A dangling link, or a file not meant for us.
                }
            }
        }

        return files;
    }

    /// <summary>The lines of readelf that are compared, with the numbers it cuts or decorates left as they are.</summary>
    private static string Clean(string report)
    {
        var lines = new List<string>();
        foreach (var line in report.Split('\n'))
        {
            if (HeaderLine().Match(line) is { Success: true } field)
            {
                var (name, value) = (field.Groups[1].Value, field.Groups[2].Value.Trim());

                // Whether a shared object is a program is in its dynamic section, not in the header.
                lines.Add(name + ": " + (name == "Type" ? value.Split(' ')[0] : value));
            }
            else if (SegmentLine().Match(line) is { Success: true } segment)
            {
                lines.Add(string.Join(' ', segment.Groups.Values.Skip(1).Select(g => g.Value)));
            }
        }

        return string.Join('\n', lines);
    }

    private static string Report(ElfReader reader)
    {
        var h = reader.Header;
        byte[] ident =
        [
            0x7f, .. "ELF"u8, (byte)h.Class, (byte)h.Data, h.IdentVersion, (byte)h.OsAbi, h.AbiVersion, .. h.IdentPadding,
        ];
        var digits = h.Class == ElfClass.Elf64 ? 16 : 8;
        var narrow = h.Class == ElfClass.Elf64 ? 6 : 5;
        var lines = new List<string>
        {
            "Magic: " + string.Join(' ', ident.Select(b => b.ToString("x2", CultureInfo.InvariantCulture))),
            "Class: ELF" + (h.Class == ElfClass.Elf64 ? "64" : "32"),
            "Data: 2's complement, " + (h.Data == ElfData.LittleEndian ? "little" : "big") + " endian",
            $"Version: {h.IdentVersion} (current)",
            "OS/ABI: " + h.OsAbiDescription,
            $"ABI Version: {h.AbiVersion}",
            "Type: " + h.TypeName[3..],
            "Machine: " + h.MachineDescription,
            $"Version: 0x{h.Version:x}",
            $"Entry point address: 0x{h.EntryPoint:x}",
            $"Start of program headers: {h.ProgramHeaderOffset} (bytes into file)",
            $"Start of section headers: {h.SectionHeaderOffset} (bytes into file)",
            string.Join(", ", h.FlagNames.Prepend($"Flags: 0x{h.Flags:x}")),
            $"Size of this header: {h.HeaderSize} (bytes)",
            $"Size of program headers: {h.ProgramHeaderEntrySize} (bytes)",
            $"Number of program headers: {h.ProgramHeaderCount}",
            $"Size of section headers: {h.SectionHeaderEntrySize} (bytes)",
            $"Number of section headers: {h.SectionHeaderCount}",
            $"Section header string table index: {h.SectionNameIndex}",
        };
        foreach (var s in reader.ReadProgramHeaders())
        {
            var name = ElfNames.SegmentType(s.Type, h.Machine)[3..];
            lines.Add(string.Join(' ',
                name[..Math.Min(14, name.Length)],
                "0x" + s.Offset.ToString("x6", CultureInfo.InvariantCulture),
                "0x" + s.VirtualAddress.ToString("x" + digits, CultureInfo.InvariantCulture),
                "0x" + s.PhysicalAddress.ToString("x" + digits, CultureInfo.InvariantCulture),
                "0x" + s.FileSize.ToString("x" + narrow, CultureInfo.InvariantCulture),
                "0x" + s.MemorySize.ToString("x" + narrow, CultureInfo.InvariantCulture),
                ElfNames.SegmentFlags(s.Flags),
                s.Alignment == 0 ? "0" : $"0x{s.Alignment:x}"));
        }

        return string.Join('\n', lines);
    }

    private string[] Ask(IReadOnlyList<(ElfMachine Machine, uint Flags)> cases, string field)
    {
        var paths = new List<string>();
        foreach (var (machine, flags) in cases)
        {
            var path = Path.Combine(_folder, paths.Count.ToString("d5", CultureInfo.InvariantCulture));
            var sample = new ElfSamples(ElfClass.Elf64, ElfData.LittleEndian);
            File.WriteAllBytes(path, sample.Header(type: 2, machine: (ushort)machine, flags: flags).Bytes);
            paths.Add(path);
        }

        var (output, _) = Tool.Run("readelf", ["-hW", .. paths]);
        var values = Regex.Matches(output, "^  " + field + @":\s+(.*)$", RegexOptions.Multiline)
            .Select(m => m.Groups[1].Value.TrimEnd())
            .ToArray();
        Assert.Equal(cases.Count, values.Length);
        return values;
    }

    [GeneratedRegex(@"^  ([A-Z][A-Za-z/ ]+): +(.*)$")]
    private static partial Regex HeaderLine();

    [GeneratedRegex(@"^  (\S+) +(0x[0-9a-f]+) (0x[0-9a-f]+) (0x[0-9a-f]+) (0x[0-9a-f]+) (0x[0-9a-f]+) (.{3}) (0x[0-9a-f]+|0)$")]
    private static partial Regex SegmentLine();
}
