using System.Globalization;
using System.Text.RegularExpressions;
using ElfMmu.Elf;
using ElfMmu.Elf.Symbols;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf;

/// <summary>Symbols and versions of real files of several architectures against what readelf prints.</summary>
public sealed partial class SymbolReadelfTests
{
    private const int PerFolder = 40;

    [ToolFact("readelf")]
    public void Real_files_have_the_symbols_readelf_prints()
    {
        List<string> files = ElfFiles.OfThisSystem(PerFolder);
        Assert.NotEmpty(files);
        int compared = 0;
        foreach ((string path, string output) in ReadelfReports.Ask(files, "-sW"))
        {
            using ElfFile file = ElfFile.Open(path);
            string[] theirs = [.. output.Split('\n').Where(l => SymbolLine().IsMatch(l)).Select(Clean)];
            ElfSymbol[] symbols = [.. ElfSymbolTables.Symbols(file)];
            string[] ours = [.. symbols.Select(s => Line(s, file.Header.Class))];
            AssertSame(path, theirs, ours);
            Assert.True(file.Diagnostics.Count == 0, path + ": " + string.Join(' ', file.Diagnostics));
            compared += ours.Length;
        }

        Assert.True(compared > files.Count);
    }

    [ToolFact("readelf")]
    public void Real_files_have_the_versions_readelf_prints()
    {
        List<string> files = ElfFiles.OfThisSystem(PerFolder);
        int compared = 0;
        foreach ((string path, string output) in ReadelfReports.Ask(files, "-VW"))
        {
            using ElfFile file = ElfFile.Open(path);
            List<string> theirs = [];
            string library = "";
            foreach (string line in output.Split('\n'))
            {
                if (DefinitionLine().Match(line) is { Success: true } definition)
                {
                    theirs.Add($"{definition.Groups[2].Value} {definition.Groups[3].Value} {Flags(definition.Groups[1].Value)}");
                }
                else if (ParentLine().Match(line) is { Success: true } parent)
                {
                    theirs.Add("parent " + parent.Groups[1].Value);
                }
                else if (NeedLine().Match(line) is { Success: true } need)
                {
                    library = need.Groups[1].Value;
                }
                else if (NeededLine().Match(line) is { Success: true } needed)
                {
                    theirs.Add($"{library} {needed.Groups[1].Value} {Flags(needed.Groups[2].Value)} {needed.Groups[3].Value}");
                }
            }

            List<string> ours = [];
            if (ElfSymbolTables.Of(file).FirstOrDefault(t => t.Versions != null)?.Versions is { } versions)
            {
                foreach (ElfVersionDefinition definition in versions.Definitions)
                {
                    ours.Add($"{definition.Index} {definition.Name} {definition.Flags}");
                    ours.AddRange(definition.Parents.Select(p => "parent " + p));
                    Assert.Equal(ElfMmu.Elf.Hashing.ElfSymbolHash.SystemV(System.Text.Encoding.UTF8.GetBytes(definition.Name)), definition.Hash);
                }

                ours.AddRange(versions.Needs.Select(n => $"{n.File} {n.Name} {n.Flags} {n.Index}"));
            }

            AssertSame(path, theirs, ours);
            compared += ours.Count;
        }

        Assert.True(compared > files.Count / 2);
    }

    private static int Flags(string words) => (words.Contains("BASE", StringComparison.Ordinal) ? 1 : 0)
        | (words.Contains("WEAK", StringComparison.Ordinal) ? 2 : 0);

    private static void AssertSame(string path, IReadOnlyList<string> theirs, IReadOnlyList<string> ours)
    {
        for (int i = 0; i < Math.Min(theirs.Count, ours.Count); i++)
        {
            Assert.True(theirs[i] == ours[i], $"{path}:\n{theirs[i]}\n{ours[i]}");
        }

        Assert.True(theirs.Count == ours.Count, $"{path}: {theirs.Count} and {ours.Count}");
    }

    /// <summary>A line of readelf without the columns' widths and the processor's words for st_other.</summary>
    private static string Clean(string line) =>
        Blanks().Replace(Others().Replace(line, "$1 "), " ").Trim();

    private static string Line(ElfSymbol symbol, ElfClass elfClass)
    {
        string value = symbol.Value.ToString(elfClass == ElfClass.Elf64 ? "x16" : "x8", CultureInfo.InvariantCulture);
        string size = symbol.Size > 99999 ? $"0x{symbol.Size:x}" : symbol.Size.ToString(CultureInfo.InvariantCulture);
        string name = string.Concat(symbol.FullName.Select(c => c < ' ' ? $"^{(char)(c + 64)}" : c.ToString()));
        if (symbol.VersionFile != null)
        {
            name += $" ({symbol.VersionIndex})";
        }

        return Blanks().Replace(
            $"{symbol.Index}: {value} {size} {TypeWord(symbol.TypeName)} {BindingWord(symbol.BindingName)} {symbol.VisibilityName[4..]} {symbol.SectionText} {name}",
            " ").Trim();
    }

    private static string TypeWord(string name) => name switch
    {
        "STT_GNU_IFUNC" => "IFUNC",
        "STT_ARM_TFUNC" => "THUMB_FUNC",
        "STT_SPARC_REGISTER" => "REGISTER",
        "STT_PARISC_MILLI" => "PARISC_MILLI",
        _ => name[4..],
    };

    private static string BindingWord(string name) => name == "STB_GNU_UNIQUE" ? "UNIQUE" : name[4..];

    [GeneratedRegex(@"^\s*\d+: [0-9a-f]{8,16} ")]
    private static partial Regex SymbolLine();

    [GeneratedRegex(@"\b(DEFAULT|INTERNAL|HIDDEN|PROTECTED)\s+(?!OS |RSV)(\[[^\]]*\]\s+)+")]
    private static partial Regex Others();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^  \S+: Rev: \d+  Flags: (.*?)\s+Index: (\d+)  Cnt: \d+  Name: (.*)$")]
    private static partial Regex DefinitionLine();

    [GeneratedRegex(@"^  \S+: Parent \d+: (.*)$")]
    private static partial Regex ParentLine();

    [GeneratedRegex(@"^  \S+: Version: \d+  File: (.*?)  Cnt: \d+$")]
    private static partial Regex NeedLine();

    [GeneratedRegex(@"^  \S+:\s+Name: (.*?)  Flags: (.*?)  Version: (\d+)$")]
    private static partial Regex NeededLine();
}
