namespace ElfMmu.Searching;

/// <summary>Takes the hits of one pattern in one stretch of bytes.</summary>
/// <param name="matches">Takes them all.</param>
/// <param name="pattern">The number of the pattern.</param>
/// <param name="length">The length of its hits.</param>
/// <param name="offset">Where the stretch starts in the window.</param>
/// <param name="first">The first offset in the stretch that counts.</param>
internal readonly ref struct MatchSink(MatchBuffer matches, int pattern, int length, int offset, int first = 0)
{
    private readonly ulong _virtual;
    private readonly bool _isAt;

    /// <summary>The same for a stretch that is contiguous only at a virtual address.</summary>
    public MatchSink(MatchBuffer matches, int pattern, int length, int offset, ulong at)
        : this(matches, pattern, length, offset) => (_virtual, _isAt) = (at, true);

    /// <summary>Takes a hit at an offset in the stretch.</summary>
    /// <returns>False when those at higher offsets aren't wanted now.</returns>
    public bool Add(int at) =>
        at < first || matches.Add(new Match(offset + at, length, pattern, _isAt, _isAt ? _virtual + (ulong)at : 0));
}
