namespace ElfMmu.Elf.Sections;

/// <summary>Which sections are listed, and what is read of each.</summary>
public sealed record ElfSectionOptions
{
    /// <summary>Whether a section is wanted; null for all. Nothing of the content is read of those that aren't.</summary>
    public Func<ElfSection, bool>? Wanted { get; init; }

    /// <summary>Whether <see cref="ElfSection.Content"/> is read.</summary>
    public bool Content { get; init; }

    /// <summary>Whether a compressed content is decompressed.</summary>
    public bool Decompress { get; init; }

    /// <summary>Whether <see cref="ElfSection.Entropy"/> is calculated.</summary>
    public bool Entropy { get; init; }
}
