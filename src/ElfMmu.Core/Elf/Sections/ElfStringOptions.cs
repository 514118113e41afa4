namespace ElfMmu.Elf.Sections;

/// <summary>Where texts are looked for.</summary>
public sealed record ElfStringOptions
{
    /// <summary>Whether a section is looked through; null for every table of strings: SHT_STRTAB, and what is marked SHF_STRINGS.</summary>
    public Func<ElfSection, bool>? Wanted { get; init; }

    /// <summary>The fewest characters; null for 1 in a table of strings and 4 in other sections.</summary>
    public int? MinimumLength { get; init; }
}
