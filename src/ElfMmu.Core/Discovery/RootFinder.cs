using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Discovery;

/// <summary>
/// Looks for the roots of address spaces in a dump of which nothing need be known. Page tables are recognised by their structure
/// alone: entries with the bits of a format, which lead to tables of the level below, down to pages that the dump holds.
/// </summary>
public static class RootFinder
{
    // Candidates that don't even reach this are no answer to any question.
    private const double LeastScore = 0.05;

    /// <summary>
    /// Looks for roots. Every frame is looked at once, for all modes together and with all processors: O(size of the dump) and O(frames
    /// that can be tables, times levels). Memory is a few bytes for each frame of 4 KiB.
    /// </summary>
    /// <param name="dump">The dump. Where it is a raw image that nothing says the RAM base of, that is found too.</param>
    /// <param name="options">What to look for.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="ElfMmuException"><c>ModeNotSearchable</c>: tables of a mode wanted can't be recognised.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static RootSearch Find(MemoryDump dump, RootSearchOptions? options = null, CancellationToken cancellation = default)
    {
        RootSearch search = new RootSearcher(dump, options ?? new RootSearchOptions(), LeastScore, cancellation).Run();

        // It is read in place, and not to be unmapped until that is done.
        GC.KeepAlive(dump);
        return search;
    }
}
