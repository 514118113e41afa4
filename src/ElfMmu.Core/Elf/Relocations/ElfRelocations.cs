namespace ElfMmu.Elf.Relocations;

/// <summary>Lists the relocations of a file.</summary>
public static class ElfRelocations
{
    /// <summary>
    /// All relocations, table by table, in the order of the file: of the sections SHT_REL, SHT_RELA and SHT_RELR; where there are no such
    /// sections, or the file is an image in memory, of the tables that the dynamic section names. They are read while enumerating.
    /// O(relocations).
    /// </summary>
    /// <param name="file">The file, which stays open while enumerating. What isn't sound becomes a diagnostic of it.</param>
    /// <exception cref="ElfMmuException">While enumerating, <c>ReadFailed</c>: reading failed.</exception>
    public static IEnumerable<ElfRelocation> Read(ElfFile file) => Read(file, static _ => true);

    /// <summary>The relocations of the tables that a name is wanted of.</summary>
    /// <param name="file">The file, which stays open while enumerating.</param>
    /// <param name="section">Whether a section, or a dynamic tag where there are no sections, is wanted, by its name.</param>
    /// <exception cref="ElfMmuException">While enumerating, <c>ReadFailed</c>: reading failed.</exception>
    public static IEnumerable<ElfRelocation> Read(ElfFile file, Func<string, bool> section)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(section);
        return RelocationTables(file).Where(table => section(table.Name)).SelectMany(table => RelocationReader.Read(file, table));
    }

    /// <summary>The relocations in a section, and those of tables that change it (sh_info).</summary>
    /// <param name="file">The file, which stays open while enumerating.</param>
    /// <param name="section">The index of the section.</param>
    /// <param name="table">Whether a table is wanted, by the name of its section.</param>
    /// <exception cref="ElfMmuException">While enumerating, <c>ReadFailed</c>: reading failed.</exception>
    public static IEnumerable<ElfRelocation> Read(ElfFile file, int section, Func<string, bool> table)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(table);
        return RelocationTables(file).Where(t => (t.Index == section || t.Target == section) && table(t.Name)).SelectMany(t => RelocationReader.Read(file, t));
    }

    /// <summary>All but the packed ones, of which there may be 63 in each word.</summary>
    internal static IEnumerable<ElfRelocation> ReadEntries(ElfFile file) =>
        RelocationTables(file).Where(table => table.Format != ElfRelocationFormat.Relr).SelectMany(table => RelocationReader.Read(file, table));

    private static IEnumerable<RelocationTable> RelocationTables(ElfFile file) =>
        SectionRelocations.Has(file) ? SectionRelocations.Read(file) : DynamicRelocations.Read(file);
}
