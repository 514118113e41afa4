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
}
