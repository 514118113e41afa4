using ElfMmu.Dumps;

namespace ElfMmu.Discovery;

/// <summary>The outcome of looking for roots in a dump.</summary>
public sealed record RootSearch
{
    /// <summary>The score from which on a candidate is taken for a root.</summary>
    public const double DefaultMinimumScore = 0.5;

    /// <summary>How far below the best one's score another candidate still is a near one.</summary>
    public const double NearScore = 0.1;

    /// <summary>The dump, as it has to be opened for these roots.</summary>
    public required DumpIdentity Dump { get; init; }

    /// <summary>All candidates, best first; also those that are probably none.</summary>
    public required IReadOnlyList<PageTableRoot> Roots { get; init; }

    /// <summary>The best candidate that reaches <see cref="DefaultMinimumScore"/>; null for none.</summary>
    public PageTableRoot? Best => Roots is [var best, ..] && best.Score >= DefaultMinimumScore ? best : null;

    /// <summary>The candidates that are nearly as good as the best one.</summary>
    public IEnumerable<PageTableRoot> Near =>
        Best is { } best ? Roots.Skip(1).TakeWhile(r => r.Score >= DefaultMinimumScore && r.Score >= best.Score - NearScore) : [];

    /// <summary>Choices made, such as the RAM base, as sentences for the verbose stream.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>What is doubtful, as sentences for the warning stream.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
