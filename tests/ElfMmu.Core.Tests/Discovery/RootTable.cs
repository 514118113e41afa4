using ElfMmu.Discovery;
using ElfMmu.Tests.Support;

namespace ElfMmu.Tests.Discovery;

/// <summary>
/// The tables in docs/root-discovery.md: what discovery finds in each dump. With ELFMMU_WRITE_DOCS set they are written, otherwise
/// compared.
/// </summary>
internal static class RootTable
{
    private static string Page => Path.Combine(TestData.Folder, "..", "..", "docs", "root-discovery.md");

    /// <summary>Whether the page is to be written.</summary>
    public static bool Writes => Environment.GetEnvironmentVariable("ELFMMU_WRITE_DOCS") is { Length: > 0 };

    /// <summary>What is found in one dump, as a row.</summary>
    public static string Row(string name, RootTruth truth, RootSearch search)
    {
        PageTableRoot[] above = search.Above();
        ulong[] sampled = [.. truth.Sampled];
        int[] ranks = [.. sampled.Select(s => Array.FindIndex(above, r => r.Root == s && !r.IsUpperHalf && truth.IsReal(r)) + 1)
            .Where(r => r > 0).Order()];
        int wrong = above.Count(r => !truth.IsReal(r) && !truth.IsLabelledLeftOver(r));
        IEnumerable<string> others = above.Where(r => truth.Say(r) is not "sampled").GroupBy(truth.Say)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (g.Count() > 1 ? $"{g.Count()} × " : "") + g.Key + " " + string.Join(", ", g.Select(r => $"{r.Root:x}").Order(StringComparer.Ordinal)));
        string precision = above.Length == 0 ? "–" : $"{100 * (above.Length - wrong) / above.Length} %";
        return $"| {name} | {(search.Best?.Mode.Name is not { } mode ? "none" : mode == truth.Mode ? mode : $"**{mode}**, is {truth.Mode}")} "
            + $"| {(search.Best is not { } best ? "none" : best.RamBase == truth.RamBase ? $"{best.RamBase:x}" : $"**{best.RamBase:x}**, is {truth.RamBase:x}")} "
            + $"| {ranks.Length}/{sampled.Length} | {(ranks.Length == 0 ? "–" : ranks.Length == 1 ? $"{ranks[0]}" : $"{ranks[0]}–{ranks[^1]}")} "
            + $"| {above.Length} | {wrong} | {precision} | {string.Join("; ", others)} |";
    }

    /// <summary>The rows of a table of the page: those that begin with <c>| name |</c> between two marks.</summary>
    public static string[] Rows(string table)
    {
        (int first, int last, string[] lines) = Find(table);
        return lines[(first + 3)..last];
    }

    /// <summary>Writes a table's rows.</summary>
    public static void Write(string table, IEnumerable<string> rows)
    {
        (int first, int last, string[] lines) = Find(table);
        File.WriteAllText(Page, string.Join('\n', [.. lines[..(first + 3)], .. rows, .. lines[last..]]));
    }

    private static (int First, int Last, string[] Lines) Find(string table)
    {
        string[] lines = File.ReadAllText(Page).ReplaceLineEndings("\n").Split('\n');
        int first = Array.IndexOf(lines, $"<!-- {table} -->");
        return (first, Array.IndexOf(lines, $"<!-- /{table} -->"), lines);
    }
}
