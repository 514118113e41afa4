using ElfMmu.Paging;

namespace ElfMmu.Images;

/// <summary>Which images are wanted.</summary>
public sealed record ImageSearchOptions
{
    /// <summary>The format; null for any.</summary>
    public ImageKind? Kind { get; init; }

    /// <summary>The privilege that must have any right to an image's first page.</summary>
    public Privilege Privilege { get; init; }

    /// <summary>The lowest address an image may start at.</summary>
    public ulong MinimumAddress { get; init; }

    /// <summary>The highest address an image may start at.</summary>
    public ulong MaximumAddress { get; init; } = ulong.MaxValue;

    /// <summary>Whether images are wanted too of which there is only a header.</summary>
    public bool IncludeHeaders { get; init; }
}
