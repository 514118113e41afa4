namespace ElfMmu.Images.Loading;

/// <summary>How an image is laid out, and where it is written.</summary>
public sealed record ExpandOptions
{
    /// <summary>The largest image that is written unless told otherwise: 4 GiB, which is all of a 32-bit address space.</summary>
    public const ulong DefaultMaximumSize = 1UL << 32;

    /// <summary>The full path of the image.</summary>
    public required string Path { get; init; }

    /// <summary>The address of the image's first byte; null for the start of the page (4 KiB) that the lowest segment starts in.</summary>
    public ulong? Base { get; init; }

    /// <summary>
    /// Where the page of the lowest segment (ELF) or the header (PE) is to be, for what can be loaded anywhere; null for the address it is
    /// linked for. Only addresses change: relocations aren't applied.
    /// </summary>
    public ulong? LoadAddress { get; init; }

    /// <summary>Which of a segment's addresses counts.</summary>
    public ImageAddressKind AddressKind { get; init; }

    /// <summary>The lowest address wanted; what lies below is left out.</summary>
    public ulong MinimumAddress { get; init; }

    /// <summary>The highest address wanted; what lies above is left out.</summary>
    public ulong MaximumAddress { get; init; } = ulong.MaxValue;

    /// <summary>The most bytes that the image may have, holes included.</summary>
    public ulong MaximumSize { get; init; } = DefaultMaximumSize;

    /// <summary>Whether a machine description is written beside the image, by which it opens as a dump.</summary>
    public bool WithDescription { get; init; } = true;

    /// <summary>Refuse to replace files.</summary>
    public bool NoClobber { get; init; }

    /// <summary>Replace read-only files, and a description that wasn't written by this.</summary>
    public bool Force { get; init; }

    /// <summary>Takes how many bytes of how many are copied.</summary>
    public Action<ulong, ulong>? Progress { get; init; }

    /// <summary>Ends the work; the files are as they were then.</summary>
    public CancellationToken Cancellation { get; init; }
}
