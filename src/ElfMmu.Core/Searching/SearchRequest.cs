using ElfMmu.Paging;

namespace ElfMmu.Searching;

/// <summary>What is searched for, and where.</summary>
public sealed record SearchRequest
{
    /// <summary>The patterns, at least one.</summary>
    public required IReadOnlyList<SearchPattern> Patterns { get; init; }

    /// <summary>The lowest address at which a hit may start: virtual, or physical in a search of physical memory.</summary>
    public ulong MinimumAddress { get; init; }

    /// <summary>The highest address that a hit's last byte may have.</summary>
    public ulong MaximumAddress { get; init; } = ulong.MaxValue;

    /// <summary>The rights that every byte of a hit must have; not asked in a search of physical memory.</summary>
    public MappingFilter Filter { get; init; }

    /// <summary>How many bytes before a hit are given with it; at most <see cref="MostContext"/>.</summary>
    public int ContextBefore { get; init; } = 16;

    /// <summary>How many bytes behind a hit are given with it; at most <see cref="MostContext"/>.</summary>
    public int ContextAfter { get; init; } = 32;

    /// <summary>Told how many bytes of how many are done, on the thread that takes the hits; may be null.</summary>
    public Action<ulong, ulong>? Progress { get; init; }

    /// <summary>The most bytes of context at either side.</summary>
    public const int MostContext = 1 << 16;
}
