using System.Globalization;

namespace ElfMmu.Discovery;

/// <summary>Which of a search's candidates are wanted.</summary>
public sealed record RootFilter
{
    /// <summary>The least score, from 0 to 1; 0 for all candidates.</summary>
    public double MinimumScore { get; init; } = RootSearch.DefaultMinimumScore;

    /// <summary>How many of the best ones, at least 1.</summary>
    public int MaximumCount { get; init; } = int.MaxValue;

    /// <summary>The candidates wanted, best first. O(candidates).</summary>
    public IReadOnlyList<PageTableRoot> Choose(RootSearch search) =>
        [.. search.Roots.Where(r => r.Score >= MinimumScore).Take(MaximumCount)];

    /// <summary>A score as text, in any culture the same.</summary>
    public static string Format(double score) => score.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>What to say when <see cref="Choose"/> gives nothing: what was looked for, and what came closest.</summary>
    /// <param name="search">The search.</param>
    /// <param name="options">What was looked for.</param>
    public string Nothing(RootSearch search, RootSearchOptions options)
    {
        string modes = options.Modes is { } wanted
            ? $"page tables of {string.Join(", ", wanted.Select(m => m.Name))}"
            : "page tables of every mode it may be in";
        string closest = search.Roots is [var best, ..]
            ? $"{Candidates(search.Roots.Count)} less than {Format(MinimumScore)}; the best one, 0x{best.Root:x} ({best.Mode.Name}), scores {Format(best.Score)}"
            : "nothing looks like one";
        return $"No root was found in '{search.Dump.Path}', which was searched for {modes}: {closest}.";
    }

    private static string Candidates(int count) => count == 1 ? "1 candidate scores" : $"{count} candidates score";
}
