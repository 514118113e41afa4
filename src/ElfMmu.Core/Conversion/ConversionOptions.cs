namespace ElfMmu.Conversion;

/// <summary>How a dump is written in another container.</summary>
public sealed record ConversionOptions
{
    /// <summary>The full path of the file to write; with <see cref="Split"/>, of what the pieces' names are made of.</summary>
    public required string Path { get; init; }

    /// <summary>The container.</summary>
    public DumpFormat Format { get; init; }

    /// <summary>
    /// ELF: whether the FOSSIL note and the segments of devices are left out, so that nothing but memory and the processors' notes is there.
    /// </summary>
    public bool Plain { get; init; }

    /// <summary>Raw: whether the file begins with physical address 0, and not with the first byte there is.</summary>
    public bool FromZero { get; init; }

    /// <summary>Raw: whether each stretch of memory becomes a file of its own, named after its address.</summary>
    public bool Split { get; init; }

    /// <summary>
    /// The full path of a machine description to write as well, in mmushell's format; null for none. It is needed for <see cref="Split"/>.
    /// </summary>
    public string? MachinePath { get; init; }

    /// <summary>Refuse to replace files.</summary>
    public bool NoClobber { get; init; }

    /// <summary>Replace read-only files.</summary>
    public bool Force { get; init; }

    /// <summary>
    /// Told after every few megabytes how many bytes of how many are done, on the thread that converts. The bytes of the files count too, for
    /// they are hashed.
    /// </summary>
    public Action<ulong, ulong>? Progress { get; init; }

    /// <summary>Ends the conversion; what stood at the paths before stays.</summary>
    public CancellationToken Cancellation { get; init; }
}
