using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ElfMmu.Elf;
using ElfMmu.Elf.Sections;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf.Sections;

/// <summary>Texts in sections, against what readelf -p and strings print.</summary>
public sealed partial class StringTests
{
    [ToolFact("readelf")]
    public void Tables_have_the_strings_readelf_prints()
    {
        int compared = 0;
        foreach (string path in RealFiles.Some(ofEachKind: 3))
        {
            foreach (string name in new[] { ".dynstr", ".comment", ".shstrtab" })
            {
                string[] theirs = [.. Tools.Run("readelf", "-W", "-p", name, path).Output.Split('\n').Select(l => StringLine().Match(l))
                    .Where(m => m.Success).Select(m => $"{int.Parse(m.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)} {m.Groups[2].Value}")];
                using var file = ElfFile.Open(path);
                if (theirs.Length == 0 || ElfSections.Read(file).Count(s => s.Name == name) != 1)
                {
                    continue;
                }

                string[] ours = [.. ElfStringSearch.Find(file, new ElfStringOptions { Wanted = s => s.Name == name }).Select(s => $"{s.Offset} {s.Text}")];
                Assert.Equal(theirs, ours);
                compared++;
            }
        }

        Assert.True(compared > 20);
    }

    [ToolFact("strings")]
    public void Data_has_the_runs_strings_prints()
    {
        string path = RealFiles.Some(ofEachKind: 1)[^1];
        using var file = ElfFile.Open(path);
        ElfSection section = ElfSections.Read(file).First(s => s.Type == 1 && s.Size > 1000);
        using var folder = new TempFolder();
        byte[] ascii = [.. file.Content(section.Index).Select(b => b < 0x80 ? b : (byte)1)];
        byte[] elf = File.ReadAllBytes(path);
        ascii.CopyTo(elf, (int)section.Offset);
        using var changed = ElfFile.Open(folder.Write("changed.elf", elf));
        string[] theirs = Tools.Run("strings", "-n", "6", folder.Write("content.bin", ascii)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] ours = [.. ElfStringSearch.Find(
            changed, new ElfStringOptions { Wanted = s => s.Index == section.Index, MinimumLength = 6 }).Select(s => s.Text)];

        // A tab doesn't begin a text of ours.
        Assert.Equal(theirs.Select(t => t.TrimStart('\t')).Where(t => t.Length >= 6), ours.Where(t => t.Length >= 6));
    }

    [Theory]
    [InlineData(2, ElfData.LittleEndian)]
    [InlineData(4, ElfData.BigEndian)]
    public void Wide_strings_are_read_in_the_files_byte_order(int width, ElfData data)
    {
        Encoding encoding = width == 2 ? Encoding.Unicode : new UTF32Encoding(bigEndian: true, byteOrderMark: false);
        byte[] content = encoding.GetBytes("Größe\0\0x\0");
        byte[] bytes = new byte[64 + 128 + content.Length];
        ElfEncoder.WriteHeader(bytes, new ElfLayout
        {
            Class = ElfClass.Elf64, Data = data, Type = ElfType.Relocatable, Machine = ElfMachine.PowerPC64, SectionHeaderOffset = 64, SectionHeaderCount = 2,
        });
        ElfEncoder.WriteSectionHeader(bytes.AsSpan(128), ElfClass.Elf64, data, new ElfSectionHeader
        {
            Type = 1, Flags = 0x32, Address = 0x1000, Offset = 192, Size = (ulong)content.Length, EntrySize = (ulong)width,
        });
        content.CopyTo(bytes, 192);
        using ElfFile file = ElfFile.Open(new ElfMemoryInput(bytes), new ElfFileSource("/none"));
        ElfString[] found = [.. ElfStringSearch.Find(file)];
        Assert.Equal(["Größe", "x"], found.Select(s => s.Text));
        Assert.Equal([0x1000ul, 0x1000ul + (ulong)(7 * width)], found.Select(s => s.VirtualAddress!.Value));
        Assert.Equal(5 * width, found[0].Length);
        Assert.Equal(192ul, found[0].FileOffset);
    }

    [GeneratedRegex(@"^  \[ *([0-9a-f]+)\]  (.*)$")]
    private static partial Regex StringLine();
}
