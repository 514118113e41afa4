using ElfMmu.Elf.Dynamic;
using ElfMmu.Elf.Symbols;

namespace ElfMmu.Elf.Hashing;

/// <summary>Finds the hash tables of a file: by its sections, or in a loaded image and a file without sections by the dynamic section.</summary>
public static class ElfHashTables
{
    /// <summary>
    /// The hash tables, each read and checked when it is its turn. Tables of more bytes together than the file has are left out with a
    /// diagnostic. O(buckets and symbols).
    /// </summary>
    /// <param name="file">The file, which must be open while they are enumerated.</param>
    /// <exception cref="ElfMmuException">While enumerating, <c>ReadFailed</c>: reading failed.</exception>
    public static IEnumerable<ElfHashTable> Of(ElfFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.SectionHeaders.Length > 0 ? OfSections(file) : OfDynamic(file);
    }

    private static IEnumerable<ElfHashTable> OfSections(ElfFile file)
    {
        (uint Section, ElfSymbolTable? Table) symbols = (0, null);
        ulong left = file.Input.Length;
        int read = 0;
        for (int i = 0; i < file.SectionHeaders.Length; i++)
        {
            ElfSectionHeader section = file.SectionHeaders[i];
            if (section.Type is not (ElfSectionTypes.Hash or ElfSectionTypes.GnuHash))
            {
                continue;
            }

            // Each table is checked with a symbol table; no file has more than two.
            if (section.Size > left || ++read > 8)
            {
                file.Diagnostics.Add("HashTablesOverlap",
                    $"The hash tables up to section {i} ('{file.SectionName(i)}') are more than a file of 0x{file.Input.Length:x} bytes can have; it was left out.",
                    section.Offset, i);
                continue;
            }

            left -= section.Size;
            if (symbols.Section != section.Link)
            {
                symbols = (section.Link, section.Link <= int.MaxValue ? ElfSymbolTables.OfSection(file, (int)section.Link) : null);
            }

            yield return new ElfHashReader(file, i, section.Offset, file.Content(i), symbols.Table).Read(
                section.Type == ElfSectionTypes.GnuHash ? ElfHashKind.Gnu : ElfHashKind.SystemV);
        }
    }

    private static IEnumerable<ElfHashTable> OfDynamic(ElfFile file)
    {
        if (ElfDynamicTable.Of(file) is not { } dynamic)
        {
            yield break;
        }

        ElfSymbolTable? symbols = ElfDynamicSymbols.Read(file, dynamic);
        foreach ((ulong tag, ElfHashKind kind) in new[] { (ElfDynamicTags.Hash, ElfHashKind.SystemV), (ElfDynamicTags.GnuHash, ElfHashKind.Gnu) })
        {
            if (dynamic.Find(tag) is not { } address)
            {
                continue;
            }

            if (!dynamic.TryLocate(address, out ulong offset, out ulong available))
            {
                file.Diagnostics.Add("HashTableOutside", $"{ElfNames.DynamicTag(tag, 0, 0)} is 0x{address:x}, which no segment has; it was left out.");
                continue;
            }

            // The segment goes on behind the table; the reader takes what its header says.
            yield return new ElfHashReader(file, null, offset, file.Read(offset, available, () => "The hash table"), symbols).Read(kind);
        }
    }
}
