using ElfMmu.Intervals;
using ElfMmu.Paging;

namespace ElfMmu.Export;

/// <summary>How a core is written.</summary>
public sealed record ExportOptions
{
    /// <summary>The full path of the core.</summary>
    public required string Path { get; init; }

    /// <summary>The order of the segments.</summary>
    public SegmentOrder Order { get; init; }

    /// <summary>Refuse to replace a file.</summary>
    public bool NoClobber { get; init; }

    /// <summary>Replace a read-only file.</summary>
    public bool Force { get; init; }

    /// <summary>
    /// The walk the segments come from, where it is known; the addresses it was limited to go to the provenance note.
    /// </summary>
    public WalkRequest? Walk { get; init; }

    /// <summary>
    /// The ranges that the segments were cut to, where they were; they go to the provenance note, and what isn't in the core of them is
    /// said.
    /// </summary>
    public IntervalSet? Ranges { get; init; }

    /// <summary>Told after every few megabytes how many bytes of how many are done, on the thread that exports.</summary>
    public Action<ulong, ulong>? Progress { get; init; }

    /// <summary>Ends the export; what stood at the path before stays.</summary>
    public CancellationToken Cancellation { get; init; }
}
