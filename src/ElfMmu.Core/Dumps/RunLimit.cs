namespace ElfMmu.Dumps;

/// <summary>
/// Bounds how many stretches of memory are kept of a dump. A few kilobytes, packed or full of holes, can describe more of them than fit into memory;
/// no machine has nearly as many.
/// </summary>
internal static class RunLimit
{
    /// <summary>The most stretches that are kept of one kind.</summary>
    public const int Most = 1 << 24;

    /// <summary>Refuses one more than there may be.</summary>
    /// <param name="count">How many there are already.</param>
    /// <param name="name">The file's name.</param>
    /// <exception cref="ElfMmuException"><c>DumpTooManyRuns</c>.</exception>
    public static void Check(int count, string name)
    {
        if (count >= Most)
        {
            throw new ElfMmuException(
                "DumpTooManyRuns",
                ErrorKind.LimitsExceeded,
                $"'{name}' describes memory in more than {Most} stretches, which no machine has. The dump is damaged; if it isn't, convert it with the tool that wrote it to "
                + "a format of larger pieces.")
            { Path = name };
        }
    }
}
