using System.Globalization;

namespace ElfMmu.Benchmarks;

/// <summary>One line of the table: a figure beside its rival's, and the ratio that must hold.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Ours">Our figure with its unit.</param>
/// <param name="Rival">What it is compared with.</param>
/// <param name="Theirs">The rival's figure with its unit.</param>
/// <param name="Ratio">Ours by theirs.</param>
/// <param name="Limit">The ratio that must not be passed; null where none was set.</param>
internal sealed record Figure(string What, string Ours, string Rival, string Theirs, double Ratio, double? Limit)
{
    public string ToCsv() => string.Join(
        ',',
        What,
        Ours,
        Rival,
        Theirs,
        Ratio.ToString("f2", CultureInfo.InvariantCulture),
        Limit?.ToString("f2", CultureInfo.InvariantCulture) ?? "");
}
