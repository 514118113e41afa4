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
    /// What was chosen of the address space beside privilege and rights, in words; it goes to the provenance note.
    /// </summary>
    public IReadOnlyDictionary<string, string> Filters { get; init; } = new Dictionary<string, string>();

    /// <summary>Told after every few megabytes how many bytes of how many are done, on the thread that exports.</summary>
    public Action<ulong, ulong>? Progress { get; init; }

    /// <summary>Ends the export; what stood at the path before stays.</summary>
    public CancellationToken Cancellation { get; init; }
}
