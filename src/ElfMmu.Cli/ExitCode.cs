namespace ElfMmu.Cli;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>Everything was done.</summary>
    public const int Done = 0;

    /// <summary>Something failed, and a line on the error stream says what.</summary>
    public const int Failed = 1;

    /// <summary>The command line means nothing; nothing was tried.</summary>
    public const int Usage = 2;

    /// <summary>Everything was searched, and what was looked for isn't there.</summary>
    public const int NothingFound = 3;

    /// <summary>The work was cancelled: 128 and the number of the signal that Ctrl+C sends, as shells have it.</summary>
    public const int Cancelled = 130;

    /// <summary>That of a search: a failure is more than that nothing was found, for it may have been in what wasn't searched.</summary>
    /// <param name="code">What became of the search.</param>
    /// <param name="any">Whether anything was found.</param>
    public static int OfSearch(int code, bool any) => code == Done && !any ? NothingFound : code;
}
