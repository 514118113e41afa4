namespace ElfMmu.Elf.Sections;

/// <summary>Lists the sections of a file.</summary>
public static class ElfSections
{
    /// <summary>
    /// Lists the sections of a file in the order of its table, section 0 first. O(sections + groups), and what is read of their contents; an image
    /// in memory has none.
    /// </summary>
    /// <param name="file">The file; it must be open while this is enumerated, and needn't be afterwards.</param>
    /// <param name="options">What is wanted; null for all sections without their contents.</param>
    /// <param name="cancellation">Ends reading between two sections.</param>
    /// <exception cref="ElfMmuException">While enumerating, <c>ReadFailed</c>: reading failed.</exception>
    public static IEnumerable<ElfSection> Read(ElfFile file, ElfSectionOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Enumerate(file, options ?? new ElfSectionOptions(), cancellation);
    }

    private static IEnumerable<ElfSection> Enumerate(ElfFile file, ElfSectionOptions options, CancellationToken cancellation)
    {
        // Read now, for the names are asked for when the file is closed.
        file.SectionName(0);
        ElfGroups groups = ElfGroups.Read(file);
        var contents = new ElfContents(file);
        int count = file.SectionHeaders.Length;
        for (int i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var section = new ElfSection(file, i, file.SectionHeaders[i])
            {
                Compression = ElfCompressions.Read(file, i),
                Group = groups.Of(i),
                GroupName = groups.NameOf(i),
                GroupMembers = groups.MembersOf(i),
            };
            if (options.Wanted?.Invoke(section) ?? true)
            {
                contents.Fill(section, options);
                yield return section;
            }
        }
    }
}
