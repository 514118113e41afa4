namespace ElfMmu.Elf;

/// <summary>What a path stands for.</summary>
public static class ElfSources
{
    /// <summary>The file itself, or the members of an archive one after the other.</summary>
    /// <param name="fullPath">A fully qualified path.</param>
    /// <exception cref="ElfMmuException">While enumerating, what <see cref="ArArchive.Members"/> and <see cref="ElfFileInput"/> throw.</exception>
    public static IEnumerable<IElfSource> Of(string fullPath) => IsArchive(fullPath) ? ArArchive.Members(fullPath) : [new ElfFileSource(fullPath)];

    /// <summary>Whether a file is an archive.</summary>
    /// <param name="fullPath">A fully qualified path.</param>
    /// <exception cref="ElfMmuException">What <see cref="ElfFileInput"/> throws.</exception>
    public static bool IsArchive(string fullPath)
    {
        using var input = new ElfFileInput(fullPath);
        return ArArchive.IsArchive(input);
    }
}
