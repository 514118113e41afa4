using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>What counts when mappings are compared.</summary>
public sealed record ComparisonOptions
{
    /// <summary>
    /// Which mappings count: what stands on either side must pass. Rights are compared at its privilege; with <see cref="Privilege.Any"/>
    /// at both.
    /// </summary>
    public MappingFilter Filter { get; init; } = new(Privilege.Any);

    /// <summary>The lowest virtual address that counts.</summary>
    public ulong MinimumAddress { get; init; }

    /// <summary>The highest virtual address that counts.</summary>
    public ulong MaximumAddress { get; init; } = ulong.MaxValue;

    /// <summary>Whether to give what is equal too.</summary>
    public bool IncludeEqual { get; init; }

    /// <summary>
    /// Whether page size, memory type and global count too. Accessed and dirty never do: they change by themselves, and are known of a run
    /// as a whole only.
    /// </summary>
    public bool Attributes { get; init; }
}
