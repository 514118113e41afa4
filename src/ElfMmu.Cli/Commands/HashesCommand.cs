using System.CommandLine;
using System.Globalization;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Elf;
using ElfMmu.Elf.Hashing;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu hashes</c>: checks the hash tables of dynamic symbols.</summary>
internal static class HashesCommand
{
    private static Columns<ElfHashTable> Columns { get; } = new()
    {
        { "KindName", "Kind", t => t.KindName },
        { "SectionName", "Section", t => t.SectionName },
        { "Offset", "Offset", t => new Hex(t.Offset) },
        { "EntrySize", null, t => t.EntrySize },
        { "BucketCount", "Buckets", t => t.BucketCount },
        { "ChainCount", null, t => t.ChainCount },
        { "FirstSymbol", null, t => t.FirstSymbol },
        { "BloomCount", null, t => t.BloomCount },
        { "BloomShift", null, t => t.BloomShift },
        { "BloomFill", "Bloom", t => t.BloomFill, t => t.BloomFill?.ToString("0.00", CultureInfo.InvariantCulture) ?? "" },
        { "SymbolCount", "Symbols", t => t.SymbolCount },
        { "LongestChain", "Longest", t => t.LongestChain },
        { "CheckedCount", "Checked", t => t.CheckedCount },
        { "FoundCount", "Found", t => t.FoundCount },
        { "IsSound", "Sound", t => t.IsSound },
        { "Histogram", "Buckets by length of chain", t => t.Histogram.Select(h => string.Create(CultureInfo.InvariantCulture, $"{h.Length}:{h.Count}")).ToArray(),
            t => string.Join(' ', t.Histogram.Select(h => string.Create(CultureInfo.InvariantCulture, $"{h.Length}:{h.Count}"))) },
    };

    public static Command Create(OptionSet options, Terminal terminal) => ElfRows.Create(
        "hashes", "Check the hash tables of dynamic symbols in ELF files.", options, terminal, Columns, [],
        (file, _) => ElfHashTables.Of(file).Select(table =>
        {
            foreach (ElfDiagnostic problem in table.Problems)
            {
                terminal.Warn($"{file.Source.Path}: {problem.Message}");
            }

            return table;
        }));
}
