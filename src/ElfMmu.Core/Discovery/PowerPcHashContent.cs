namespace ElfMmu.Discovery;

/// <summary>What the entries of a region say that could be a hash table.</summary>
internal sealed record PowerPcHashContent
{
    /// <summary>How many virtual segments the entries are of.</summary>
    public required int Vsids { get; init; }

    /// <summary>The numbers of the pages of physical memory that the entries lead to, each once.</summary>
    public required uint[] Frames { get; init; }

    /// <summary>
    /// How many different first words stand where their hash says, up to 4096: each is a test of its own, while the entries that share
    /// one stand or fall together. 0 in a table of the smallest size, of which the hash says nothing.
    /// </summary>
    public required int AgreeingNames { get; init; }
}
