using System.Text.RegularExpressions;

namespace ElfMmu.Searching;

/// <summary>
/// Finds a regular expression. It is tried in the quick way that can take forever on some expressions; when it takes too long, in the way
/// whose time is linear, which some expressions can't be.
/// </summary>
internal sealed class RegexMatcher : IMatcher
{
    /// <summary>How long looking for one hit in a piece of memory may take.</summary>
    public static readonly TimeSpan MostTime = TimeSpan.FromSeconds(2);

    private readonly string _expression;
    private readonly RegexOptions _options;
    private Regex _regex;

    /// <summary>Makes a matcher.</summary>
    public RegexMatcher(Regex regex, string expression, RegexOptions options, int mostLength, int alignment)
    {
        (_regex, _expression, _options, MostLength, Alignment) = (regex, expression, options, mostLength, alignment);
        Span<char> zeros = new char[mostLength + 1];
        MatchesZeros = Next(zeros, 0, CancellationToken.None, out _, out int length) && length > 0;
    }

    /// <inheritdoc/>
    public int MostLength { get; }

    /// <inheritdoc/>
    public int Alignment { get; }

    /// <inheritdoc/>
    public bool MatchesZeros { get; }

    /// <summary>Finds the next hit.</summary>
    /// <param name="text">The bytes as characters.</param>
    /// <param name="from">Where it may start at the earliest.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <param name="at">Where it starts.</param>
    /// <param name="length">How long it is: at least 1 byte, at most <see cref="MostLength"/>.</param>
    /// <returns>False when there is none.</returns>
    /// <exception cref="ElfMmuException"><c>PatternTooSlow</c>.</exception>
    public bool Next(ReadOnlySpan<char> text, int from, CancellationToken cancellation, out int at, out int length)
    {
        while (from < text.Length && First(text, from, cancellation, out at, out length))
        {
            if (length > MostLength && !(First(text[..(at + MostLength)], at, cancellation, out int cut, out length) && cut == at))
            {
                length = 0;
            }

            if (length > 0)
            {
                return true;
            }

            from = at + 1;
        }

        (at, length) = (0, 0);
        return false;
    }

    private bool First(ReadOnlySpan<char> text, int from, CancellationToken cancellation, out int at, out int length)
    {
        cancellation.ThrowIfCancellationRequested();
        Regex regex = Volatile.Read(ref _regex);
        try
        {
            Regex.ValueMatchEnumerator matches = regex.EnumerateMatches(text, from);
            bool any = matches.MoveNext();
            (at, length) = any ? (matches.Current.Index, matches.Current.Length) : (0, 0);
            return any;
        }
        catch (RegexMatchTimeoutException e)
        {
            cancellation.ThrowIfCancellationRequested();
            BeLinear(e);
            return First(text, from, cancellation, out at, out length);
        }
    }

    private void BeLinear(RegexMatchTimeoutException cause)
    {
        try
        {
            if (!_regex.Options.HasFlag(RegexOptions.NonBacktracking))
            {
                Volatile.Write(ref _regex, new Regex(_expression, _options | RegexOptions.NonBacktracking, MostTime));
                return;
            }
        }
        catch (NotSupportedException)
        {
            // It looks around itself or back; only the other way can do that.
        }

        throw new ElfMmuException(
            "PatternTooSlow",
            ErrorKind.LimitsExceeded,
            $"The regular expression '{_expression}' takes more than {MostTime.TotalSeconds:0} seconds for a piece of memory. Write it without "
            + "repetitions inside repetitions, or without looking around and back.",
            cause);
    }
}
