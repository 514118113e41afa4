using ElfMmu.Elf;

namespace ElfMmu.Tests.Elf.Readelf;

/// <summary>One of the things readelf prints, and the same made of our objects.</summary>
internal interface IReadelfArea
{
    /// <summary>What makes readelf print it.</summary>
    string Option { get; }

    /// <summary>The lines readelf should print.</summary>
    /// <param name="file">The file.</param>
    IEnumerable<ReadelfLine> Lines(ElfFile file);

    /// <summary>Takes out of a line of readelf's what our objects don't say, such as where in the file a record lies.</summary>
    /// <param name="theirs">A line of readelf's.</param>
    /// <returns>The line; null where all of it is such.</returns>
    string? Clean(string theirs) => theirs;

    /// <summary>
    /// Makes what readelf prints comparable where it cuts, decorates or knows less; null for what the file doesn't say. Each use of it is
    /// an exception with a name, which is counted.
    /// </summary>
    /// <param name="theirs">A line of readelf's.</param>
    /// <param name="ours">The line of ours it stands beside.</param>
    /// <returns>The exception's name where the two mean the same; null where they don't.</returns>
    string? Excuse(string theirs, string ours) => null;
}
