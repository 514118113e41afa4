using ElfMmu.Elf.Dynamic;

namespace ElfMmu.Elf.Symbols;

/// <summary>
/// Finds the symbol tables of a file: by its sections, or in a loaded image and a file without sections by the dynamic section.
/// </summary>
public static class ElfSymbolTables
{
    /// <summary>
    /// The symbol tables, each read when it is its turn. Together they may have twice the file's length, names counted in; what is more
    /// overlaps, and is left out with a diagnostic. O(sections, and the size of the tables).
    /// </summary>
    /// <param name="file">The file, which must be open while they are enumerated.</param>
    /// <exception cref="ElfMmuException">While enumerating, <c>ReadFailed</c>: reading failed.</exception>
    public static IEnumerable<ElfSymbolTable> Of(ElfFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.SectionHeaders.Length > 0)
        {
            return new ElfSectionSymbols(file).Tables();
        }

        return OfDynamic(file) is { } table ? [table] : [];
    }

    /// <summary>All symbols, table by table.</summary>
    /// <param name="file">The file, which must be open while they are enumerated.</param>
    /// <exception cref="ElfMmuException">While enumerating, <c>ReadFailed</c>: reading failed.</exception>
    public static IEnumerable<ElfSymbol> Symbols(ElfFile file) => Of(file).SelectMany(t => t.Symbols);

    /// <summary>The table in one section; null if it has none. O(sections, and the size of the table).</summary>
    /// <param name="file">The file.</param>
    /// <param name="section">The index of a section of type SHT_SYMTAB or SHT_DYNSYM.</param>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>: reading failed.</exception>
    public static ElfSymbolTable? OfSection(ElfFile file, int section)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new ElfSectionSymbols(file).Table(section);
    }

    /// <summary>The symbols for the loader, by the dynamic section; null if there are none.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>: reading failed.</exception>
    public static ElfSymbolTable? OfDynamic(ElfFile file) => ElfDynamicTable.Of(file) is { } dynamic ? ElfDynamicSymbols.Read(file, dynamic) : null;
}
