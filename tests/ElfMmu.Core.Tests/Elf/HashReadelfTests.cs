using System.Globalization;
using System.Text.RegularExpressions;
using ElfMmu.Elf;
using ElfMmu.Elf.Hashing;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf;

/// <summary>Hash tables of real files of several architectures: sound, and with the lengths of chains readelf counts.</summary>
public sealed partial class HashReadelfTests
{
    [ToolFact("readelf")]
    public void Real_files_have_the_chains_readelf_counts()
    {
        List<string> files = ElfFiles.OfThisSystem(60);
        int compared = 0;
        foreach ((string path, string output) in ReadelfReports.Ask(files, "-IW"))
        {
            using ElfFile file = ElfFile.Open(path);
            ElfHashTable[] tables = [.. ElfHashTables.Of(file)];
            Assert.All(tables, t => Assert.True(t.IsSound, path + ": " + string.Join(' ', t.Problems)));
            Assert.All(tables, t => Assert.Equal(t.CheckedCount, t.FoundCount));

            // readelf prints the gABI's first, and nothing of a table with no symbol in it.
            string[] theirs = [.. output.Split('\n').Select(Clean).Where(l => l.Length > 0)];
            string[] ours = [.. tables.OrderBy(t => t.Kind).SelectMany(Lines)];
            Assert.Equal(string.Join('\n', theirs.Prepend(path)), string.Join('\n', ours.Prepend(path)));
            compared += ours.Length;
        }

        Assert.True(compared > files.Count);
    }

    private static IEnumerable<string> Lines(ElfHashTable table)
    {
        string what = table.Kind == ElfHashKind.Gnu ? "`.gnu.hash' " : "";
        yield return string.Create(CultureInfo.InvariantCulture, $"{what}total of {table.BucketCount}");
        foreach (ElfHashLength length in table.Histogram)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{length.Length} {length.Count}");
        }
    }

    private static string Clean(string line)
    {
        if (Heading().Match(line) is { Success: true } heading)
        {
            return $"{heading.Groups[1].Value}total of {heading.Groups[2].Value}";
        }

        return Row().Match(line) is { Success: true } row ? $"{row.Groups[1].Value} {row.Groups[2].Value}" : "";
    }

    [GeneratedRegex(@"^Histogram for (`\.gnu\.hash' )?bucket list length \(total of (\d+) buckets?\)")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^ +(\d+) +(\d+) ")]
    private static partial Regex Row();
}
