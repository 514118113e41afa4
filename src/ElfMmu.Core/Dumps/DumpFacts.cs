namespace ElfMmu.Dumps;

/// <summary>What a container says of where, when and how its dump was taken; null or empty where it doesn't.</summary>
public sealed record DumpFacts
{
    /// <summary>The operating system and its build in one line, such as <c>Linux 6.1.0-18-amd64</c> or <c>Windows 10.0.19045</c>.</summary>
    public string? OperatingSystem { get; init; }

    /// <summary>The name the machine had on its network.</summary>
    public string? HostName { get; init; }

    /// <summary>When the memory was taken.</summary>
    public DateTime? TakenUtc { get; init; }

    /// <summary>How the memory is packed in the file, such as <c>zlib</c> or <c>gzip, snappy</c> (from the outside in); null where it isn't.</summary>
    public string? Compression { get; init; }

    /// <summary>Whatever else the format has, by names that people know: texts, numbers, truth values; in the order to be shown.</summary>
    public IReadOnlyList<KeyValuePair<string, object>> Details { get; init; } = [];
}
