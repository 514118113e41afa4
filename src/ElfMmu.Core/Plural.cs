using System.Globalization;
using System.Numerics;

namespace ElfMmu;

/// <summary>Counts for people.</summary>
internal static class Plural
{
    /// <summary>A number and what it counts: <c>1 run</c>, <c>2 runs</c>.</summary>
    /// <param name="count">The number.</param>
    /// <param name="one">What it counts, where it is one.</param>
    /// <param name="many">What it counts otherwise; null for one with an s behind it.</param>
    public static string Of<T>(T count, string one, string? many = null)
        where T : INumberBase<T> =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == T.One ? one : many ?? one + "s")}");
}
