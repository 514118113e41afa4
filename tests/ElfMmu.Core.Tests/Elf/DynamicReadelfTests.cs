using System.Text.RegularExpressions;
using ElfMmu.Elf;
using ElfMmu.Elf.Dynamic;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf;

/// <summary>The dynamic section of real files of several architectures against what readelf prints.</summary>
public sealed partial class DynamicReadelfTests
{
    [ToolFact("readelf")]
    public void Real_files_have_the_dynamic_entries_readelf_prints()
    {
        List<string> files = ElfFiles.OfThisSystem(60);
        int compared = 0;
        foreach ((string path, string output) in ReadelfReports.Ask(files, "-dW"))
        {
            using ElfFile file = ElfFile.Open(path);
            string theirs = string.Join('\n', output.Split('\n').Select(l => EntryLine().Match(l)).Where(m => m.Success).Select(m =>
                $"{m.Groups[1].Value.TrimStart('0')} {m.Groups[2].Value} {m.Groups[3].Value}".Trim()));
            string ours = ElfDynamicTable.Of(file) is { } table ? string.Join('\n', table.Entries.Select(Line)) : "";
            Assert.Equal($"{path}\n{theirs}", $"{path}\n{ours}");
            Assert.True(file.Diagnostics.Count == 0, path + ": " + string.Join(' ', file.Diagnostics));
            compared += ours.Length;
        }

        Assert.True(compared > files.Count);
    }

    [ToolTheory("readelf")]
    [InlineData(ElfMachine.AArch64)]
    [InlineData(ElfMachine.Alpha)]
    [InlineData(ElfMachine.Arm)]
    [InlineData(ElfMachine.I386)]
    [InlineData(ElfMachine.IA64)]
    [InlineData(ElfMachine.Mips)]
    [InlineData(ElfMachine.PaRisc)]
    [InlineData(ElfMachine.PowerPC)]
    [InlineData(ElfMachine.PowerPC64)]
    [InlineData(ElfMachine.RiscV)]
    [InlineData(ElfMachine.S390)]
    [InlineData(ElfMachine.SparcV9)]
    [InlineData(ElfMachine.TiC6000)]
    public void All_tags_have_the_words_readelf_prints(ElfMachine machine)
    {
        ulong[] tags =
        [
            .. Enumerable.Range(1, 0x30).Select(i => (ulong)i), .. Enumerable.Range(0x60000000, 0x40).Select(i => (ulong)i),
            .. Enumerable.Range(0x6ffffd00, 0x300).Select(i => (ulong)i), .. Enumerable.Range(0x70000000, 0x40).Select(i => (ulong)i),
            0x7ffffffd, 0x7ffffffe, 0x7fffffff,
        ];

        // readelf looks for C6000's names in the processors' range alone, and puts flags and times of OpenVMS in words.
        tags = machine switch
        {
            ElfMachine.TiC6000 => [.. tags.Except([0x6000000dul, 0x6000000ful])],
            ElfMachine.IA64 => [.. tags.Except([0x60000015ul, 0x60000035ul])],
            _ => tags,
        };
        using var folder = new TempFolder();
        foreach (ulong value in new ulong[] { 0, 1, 2, 3, 7, 36, 0x4001, 0x5f3b0001 })
        {
            string path = folder.File($"{value:x}.elf");

            // Addresses and sizes that can't be right keep readelf from printing anything; so do those of symbol information.
            IEnumerable<ulong> sound = tags.Where(t => value < 0x1000 || (t > 0x30 && t is not (0x6ffffdfe or 0x6ffffeff)));
            File.WriteAllBytes(path, DynamicSamples.Of(machine, [.. sound.Select(t => (t, value))]));
            (string output, _) = Tool.Run("readelf", "-dW", path);
            using ElfFile file = ElfFile.Open(path);
            string[] theirs = [.. output.Split('\n').Select(l => EntryLine().Match(l)).Where(m => m.Success).Select(m =>
                $"{m.Groups[1].Value.TrimStart('0')} {Known(m.Groups[2].Value)} {m.Groups[3].Value}".Trim())];
            string[] ours = [.. ElfDynamicTable.Of(file)!.Entries.Select(Line)];
            Assert.Equal(theirs, ours);
            Assert.Equal(sound.Count() + 1, ours.Length);
        }
    }

    private static string Known(string name) => name.Contains(": ", StringComparison.Ordinal) || name.StartsWith('<') ? "?" : name;

    private static string Line(ElfDynamicEntry entry)
    {
        string tag = entry.Tag == 0 ? "" : $"{entry.Tag:x}";
        string name = entry.TagName[3..];
        return $"{tag} {(name.StartsWith("LO", StringComparison.Ordinal) || name.StartsWith("0x", StringComparison.Ordinal) ? "?" : name)} {entry.Text}".Trim();
    }

    [GeneratedRegex(@"^ 0x([0-9a-f]+) \((.*?)\)\s*(.*?)\s*$")]
    private static partial Regex EntryLine();
}
