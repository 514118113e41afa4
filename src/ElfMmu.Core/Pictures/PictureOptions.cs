namespace ElfMmu.Pictures;

/// <summary>How a picture is written.</summary>
public sealed record PictureOptions
{
    /// <summary>The full path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>The format; null for the one that the path's extension names.</summary>
    public PictureFormat? Format { get; init; }

    /// <summary>The title; null for one that names the dumps.</summary>
    public string? Title { get; init; }

    /// <summary>Full paths of files that are read beside the dumps themselves; none of them is ever replaced.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Refuse to replace a file.</summary>
    public bool NoClobber { get; init; }

    /// <summary>Replace a read-only file.</summary>
    public bool Force { get; init; }

    /// <summary>Ends the work; what stood at the path before stays.</summary>
    public CancellationToken Cancellation { get; init; }
}
