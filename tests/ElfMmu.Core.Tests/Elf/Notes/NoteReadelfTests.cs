using System.Globalization;
using System.Text.RegularExpressions;
using ElfMmu.Elf;
using ElfMmu.Elf.Notes;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf.Notes;

/// <summary>All notes of real files, against what readelf prints.</summary>
public sealed partial class NoteReadelfTests
{
    [ToolTheory("readelf")]
    [InlineData("/usr/bin", "*", 200)]
    [InlineData("/usr/lib/x86_64-linux-gnu", "*.so*", 200)]
    [InlineData("/usr/aarch64-linux-gnu/lib", "*.so*", 60)]
    [InlineData("/usr/arm-linux-gnueabihf/lib", "*.so*", 60)]
    [InlineData("/usr/i686-linux-gnu/lib", "*.so*", 60)]
    [InlineData("/usr/riscv64-linux-gnu/lib", "*.so*", 60)]
    public void Notes_are_those_of_readelf(string folder, string pattern, int most)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        int compared = 0;
        foreach (string path in RealElfFiles.In(folder, pattern, most))
        {
            compared += Compare(path);
        }

        Assert.True(compared > 10, $"{compared} notes");
    }

    [ToolFact("readelf")]
    public void Every_type_of_a_core_is_named_as_readelf_names_it()
    {
        using var folder = new TempFolder();
        string path = Path.Combine(folder.Path, "core");
        foreach (string owner in new[] { "CORE", "LINUX", "FreeBSD", "GNU" })
        {
            var notes = new ElfNoteBuilder(ElfData.LittleEndian);
            foreach (uint type in Enumerable.Range(0, 0xb00).Select(i => (uint)i).Concat<uint>([0x46e62b7f, 0x53494749, 0xff000000]))
            {
                // What is decoded needs a description.
                notes.Add(owner, type, new byte[owner == "GNU" ? 16 : 24]);
            }

            File.WriteAllBytes(path, new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64).Notes(notes.ToArray()).Build());
            using ElfFile file = ElfFile.Open(path);
            ElfNoteItem[] ours = [.. ElfNoteItems.Read(file)];
            string[] theirs = [.. Rows(path).Select(r => r.Type)];
            Assert.Equal(theirs.Length, ours.Length);
            int named = 0;
            for (int i = 0; i < ours.Length; i++)
            {
                if (theirs[i].StartsWith("NT_", StringComparison.Ordinal))
                {
                    // 0x203 of FreeBSD is readelf's guess; 0xc is a copy of it in Solaris.
                    Assert.Equal((ours[i].Type, theirs[i]), (ours[i].Type, ours[i].TypeName));
                    named++;
                }
            }

            Assert.True(named > (owner == "GNU" ? 4 : 40), $"{owner}: {named}");
        }
    }

    /// <summary>Compares a file's notes, and says how many there were.</summary>
    private static int Compare(string path)
    {
        Row[] theirs = [.. Rows(path)];
        using ElfFile file = ElfFile.Open(path);
        ElfNoteItem[] ours = [.. ElfNoteItems.Read(file)];
        Assert.True(theirs.Length == ours.Length, $"{path}: {theirs.Length} and {ours.Length}");
        for (int i = 0; i < ours.Length; i++)
        {
            (Row row, ElfNoteItem item) = (theirs[i], ours[i]);
            Assert.Equal((path, row.Owner, row.Size), (path, item.Owner, item.Size));
            string type = row.Type switch
            {
                "GO" => "NT_GO_BUILDID",
                "FDO_PACKAGING_METADATA" => "NT_FDO_PACKAGING_METADATA",
                "OPEN" => item.Owner == "Linux" ? "LINUX_ELFNOTE_BUILD_SALT" : "NT_GNU_BUILD_ATTRIBUTE_OPEN",
                "func" => item.Owner == "Linux" ? "LINUX_ELFNOTE_LTO_INFO" : "NT_GNU_BUILD_ATTRIBUTE_FUNC",
                _ => row.Type,
            };
            if (type.StartsWith("NT_", StringComparison.Ordinal))
            {
                Assert.Equal(type, item.TypeName);
            }

            string text = Spaces().Replace(row.Rest, " ");
            switch (item.Value)
            {
                case string id when item.TypeName == "NT_GNU_BUILD_ID":
                    Assert.Contains("Build ID: " + id, text, StringComparison.Ordinal);
                    break;
                case GnuAbiTag tag:
                    Assert.Contains($"OS: {tag.OperatingSystem}, ABI: {tag.Version}", text, StringComparison.Ordinal);
                    break;
                case GnuProperties properties:
                    Assert.Equal(Properties().Match(text).Groups[1].Value.Trim(), string.Join(' ', properties.Properties.Select(p => p.Text)));
                    break;
                case SystemTapProbe probe:
                    string digits = file.Header.Class == ElfClass.Elf64 ? "x16" : "x8";
                    string Hex(ulong value) => "0x" + value.ToString(digits, CultureInfo.InvariantCulture);
                    Assert.Contains(
                        $"Provider: {probe.Provider} Name: {probe.Name} Location: {Hex(probe.Location)}, Base: {Hex(probe.Base)}, " +
                        $"Semaphore: {Hex(probe.Semaphore)} Arguments: {probe.Arguments}".TrimEnd(),
                        text, StringComparison.Ordinal);
                    break;
            }
        }

        Assert.Empty(file.Diagnostics);
        return ours.Length;
    }

    private static IEnumerable<Row> Rows(string path)
    {
        MatchCollection rows = RowLine().Matches(Tool.Run("readelf", "-nW", path).Output);
        return rows.Select(r => new Row(
            r.Groups[1].Value, int.Parse(r.Groups[2].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture), r.Groups[3].Value, r.Groups[4].Value));
    }

    // The rest of a row goes on until the next one.
    [GeneratedRegex(@"^  (\S+) +0x([0-9a-f]{8})\t(\S*)((?:.|\n(?!  \S+ +0x[0-9a-f]{8}\t|Displaying))*)", RegexOptions.Multiline)]
    private static partial Regex RowLine();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex("Properties: (.*)$")]
    private static partial Regex Properties();

    private sealed record Row(string Owner, int Size, string Type, string Rest);
}
