using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ElfMmu.Searching;

/// <summary>
/// Finds a regular expression. It is tried in the quick way that can take forever on some expressions; when it takes too long, in the way
/// whose time is linear, which some expressions can't be.
/// </summary>
/// <param name="quick">The quick way.</param>
/// <param name="expression">The expression.</param>
/// <param name="options">Its options.</param>
/// <param name="mostLength">The most bytes that a hit has.</param>
/// <param name="alignment">The alignment.</param>
internal sealed class RegexMatcher(RegexEngine quick, string expression, RegexOptions options, int mostLength, int alignment) : IMatcher
{
    // So many bytes are looked at in one go at most.
    private const int MostStep = 1 << 16;

    // Slower than this for each byte, what is looked at in vain behind the last byte that counts is kept short.
    private static readonly double SlowTicks = 100e-9 * Stopwatch.Frequency;

    // Slower than this it is too slow to go on with, though not slow enough for a piece to take too long.
    private static readonly double TooSlowTicks = 1e-6 * Stopwatch.Frequency;
    private static readonly long MostLostTicks = 2 * Stopwatch.Frequency;

    private readonly RegexEngine _quick = quick;
    private RegexEngine _engine = quick;
    private long _lost;

    /// <inheritdoc/>
    public int MostLength { get; } = mostLength;

    /// <inheritdoc/>
    public int Alignment { get; } = alignment;

    /// <inheritdoc/>
    public bool MayBeZeros(CancellationToken cancellation) =>
        Next(new char[MostLength + 1], 0, MostLength + 1, cancellation, out _, out _);

    /// <summary>
    /// Finds the next hit. What is longer than a hit may be is tried with just as many bytes as it may have. O(bytes), and the time that the
    /// expression takes for as many bytes as a hit has at each place where it may start.
    /// </summary>
    /// <param name="text">The bytes as characters.</param>
    /// <param name="from">Where it may start at the earliest.</param>
    /// <param name="end">The first place where it may not start.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <param name="at">Where it starts.</param>
    /// <param name="length">How long it is: at least 1 byte, at most <see cref="MostLength"/>.</param>
    /// <returns>False when there is none.</returns>
    /// <exception cref="ElfMmuException"><c>PatternTooSlow</c>.</exception>
    public bool Next(ReadOnlySpan<char> text, int from, int end, CancellationToken cancellation, out int at, out int length)
    {
        // The text ends a hit's length behind a step of starts. One start would do, but most have no hit: so each step is twice the last one.
        int step = MostLength;
        while (from < end)
        {
            int starts = Math.Min(step, end - from);
            long began = Stopwatch.GetTimestamp();
            bool any = First(text[..Math.Min(text.Length, from + starts + MostLength)], from, false, cancellation, out at, out length);
            long took = Stopwatch.GetTimestamp() - began;
            if (took > TooSlowTicks * (starts + MostLength) && Interlocked.Add(ref _lost, took) > MostLostTicks)
            {
                GoOnFrom(_quick);
            }

            if (!any || at >= from + starts)
            {
                bool isSlow = took > SlowTicks * (starts + MostLength);
                from += starts;
                step = step < MostLength || !isSlow ? Math.Min(2 * step, Math.Max(MostStep, MostLength)) : MostLength;
                continue;
            }

            if (length > MostLength && !First(text[..(at + MostLength)], at, true, cancellation, out _, out length))
            {
                // The starts behind it see the same end, too far away for many of them: those nearest to it need the fewest bytes more.
                (from, step) = (at + 1, 1);
                continue;
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

    private bool First(ReadOnlySpan<char> text, int from, bool isHere, CancellationToken cancellation, out int at, out int length)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            RegexEngine engine = Volatile.Read(ref _engine);
            try
            {
                return engine.First(text, from, isHere, out at, out length);
            }
            catch (RegexMatchTimeoutException e)
            {
                cancellation.ThrowIfCancellationRequested();
                if (engine.IsLast)
                {
                    throw TooSlow(e);
                }

                GoOnFrom(engine);
            }
        }
    }

    /// <summary>Takes the other way, unless another thread does so already.</summary>
    private void GoOnFrom(RegexEngine engine)
    {
        if (ReferenceEquals(Volatile.Read(ref _engine), engine))
        {
            Interlocked.CompareExchange(ref _engine, RegexEngine.Last(expression, options), engine);
        }
    }

    private ElfMmuException TooSlow(RegexMatchTimeoutException cause) => new(
        "PatternTooSlow",
        ErrorKind.LimitsExceeded,
        $"The regular expression '{expression}' takes more than {RegexEngine.MostTime.TotalSeconds:0} seconds for a piece of memory. Write it without "
        + "repetitions inside repetitions, or without looking around and back.",
        cause);
}
