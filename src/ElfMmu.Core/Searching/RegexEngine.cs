using System.Text.RegularExpressions;

namespace ElfMmu.Searching;

/// <summary>One way of applying an expression. Safe to use from several threads.</summary>
internal sealed class RegexEngine
{
    /// <summary>How long the quick way may take for a piece of memory: many times what it usually takes.</summary>
    public static readonly TimeSpan QuickTime = TimeSpan.FromSeconds(0.5);

    /// <summary>How long the last way may take for one: so long that what else the machine does doesn't matter.</summary>
    public static readonly TimeSpan MostTime = TimeSpan.FromSeconds(10);

    private readonly Regex _free;
    private readonly Lazy<Regex?> _anchored;

    private RegexEngine(string expression, RegexOptions options, TimeSpan time, bool isLast)
    {
        IsLast = isLast;
        IsLinear = options.HasFlag(RegexOptions.NonBacktracking);
        _free = new Regex(expression, options, time);
        _anchored = new Lazy<Regex?>(() => IsLinear ? null : Anchor(expression, options, time));
    }

    /// <summary>Whether there is no other way to go on with when it takes too long.</summary>
    public bool IsLast { get; }

    /// <summary>Whether its time is linear.</summary>
    public bool IsLinear { get; }

    /// <summary>The quick way, which takes forever on some expressions.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="options">Its options.</param>
    /// <param name="time">How long it may take for a piece of memory; null for <see cref="QuickTime"/>.</param>
    /// <exception cref="ArgumentException">It isn't a regular expression.</exception>
    public static RegexEngine Quick(string expression, RegexOptions options, TimeSpan? time = null) =>
        new(expression, options | RegexOptions.Compiled, time ?? QuickTime, false);

    /// <summary>
    /// The way whose time is linear; for expressions that can't be (they look around themselves or back) the quick way, with more time.
    /// </summary>
    public static RegexEngine Last(string expression, RegexOptions options)
    {
        try
        {
            return new RegexEngine(expression, options | RegexOptions.NonBacktracking, MostTime, true);
        }
        catch (NotSupportedException)
        {
            return new RegexEngine(expression, options | RegexOptions.Compiled, MostTime, true);
        }
    }

    /// <summary>Finds the first match, empty ones too.</summary>
    /// <param name="text">The bytes as characters.</param>
    /// <param name="from">Where it may start at the earliest.</param>
    /// <param name="isHere">Whether it must start there.</param>
    /// <param name="at">Where it starts.</param>
    /// <param name="length">How long it is.</param>
    /// <exception cref="RegexMatchTimeoutException">It takes too long.</exception>
    public bool First(ReadOnlySpan<char> text, int from, bool isHere, out int at, out int length)
    {
        Regex.ValueMatchEnumerator matches = ((isHere ? _anchored.Value : null) ?? _free).EnumerateMatches(text, from);
        bool any = matches.MoveNext() && (!isHere || matches.Current.Index == from);
        (at, length) = any ? (matches.Current.Index, matches.Current.Length) : (0, 0);
        return any;
    }

    private static Regex Anchor(string expression, RegexOptions options, TimeSpan time)
    {
        try
        {
            return new Regex($@"\G(?:{expression})", options, time);
        }
        catch (ArgumentException)
        {
            // It ends with a comment, which the end of a line ends.
            return new Regex($"\\G(?:{expression}\n)", options, time);
        }
    }
}
