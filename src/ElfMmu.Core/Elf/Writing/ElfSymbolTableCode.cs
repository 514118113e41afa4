namespace ElfMmu.Elf.Writing;

/// <summary>Turns the symbols of a model into a symbol table and back (gABI, "Symbol Table"). O(symbols).</summary>
internal static class ElfSymbolTableCode
{
    public static int EntrySize(ElfClass elfClass) => elfClass == ElfClass.Elf64 ? 24 : 16;

    /// <summary>The symbols in the order of the table, which starts at index 1 with them: locals first.</summary>
    /// <param name="symbols">The symbols.</param>
    /// <param name="firstGlobal">The index of the first that isn't local: sh_info.</param>
    public static List<ElfModelSymbol> Order(List<ElfModelSymbol> symbols, out uint firstGlobal)
    {
        var ordered = new List<ElfModelSymbol>(symbols.Count);
        ordered.AddRange(symbols.Where(s => s.Binding == ElfModelSymbolNumbers.Local));
        firstGlobal = (uint)ordered.Count + 1;
        ordered.AddRange(symbols.Where(s => s.Binding != ElfModelSymbolNumbers.Local));
        return ordered;
    }

    /// <summary>Whether an index needs the second table, SHT_SYMTAB_SHNDX.</summary>
    public static bool NeedsIndices(uint lastSection) => lastSection >= ElfHeader.ReservedSectionIndex;

    /// <summary>The table's bytes, and those of SHT_SYMTAB_SHNDX. The names' offsets are in the symbols' order.</summary>
    public static (byte[] Table, byte[] Indices) Encode(
        List<ElfModelSymbol> ordered, ElfClass elfClass, ElfData data, uint[] nameOffsets,
        IReadOnlyDictionary<ElfModelSection, uint> sections, bool withIndices)
    {
        var words = new ElfWords(elfClass, data);
        int size = EntrySize(elfClass);
        byte[] table = new byte[checked((ordered.Count + 1) * size)];
        byte[] indices = withIndices ? new byte[(ordered.Count + 1) * 4] : [];
        for (int i = 0; i < ordered.Count; i++)
        {
            ElfModelSymbol symbol = ordered[i];
            uint section = symbol.SectionIndex;
            if (symbol.Section is not null && !sections.TryGetValue(symbol.Section, out section))
            {
                throw new ElfMmuException("ElfModelInvalid", ErrorKind.InvalidArgument,
                    $"Symbol '{symbol.Name}' is in section '{symbol.Section.Name}', which isn't one of the model's; add it to Sections.");
            }

            bool isFar = symbol.Section is not null && section >= ElfHeader.ReservedSectionIndex;
            if ((symbol.Type | symbol.Binding) > 15)
            {
                throw new ElfMmuException("ElfValueTooLarge", ErrorKind.InvalidArgument,
                    $"Symbol '{symbol.Name}' has type {symbol.Type} and binding {symbol.Binding}, and 15 is the largest of each; correct it.");
            }

            if (isFar && indices.Length == 0)
            {
                throw new ElfMmuException("ElfModelInvalid", ErrorKind.InvalidArgument,
                    $"Symbol '{symbol.Name}' is in section {section}, which only a section of type SHT_SYMTAB_SHNDX can say; add one or set AddsTables.");
            }

            var record = new ElfSymbolRecord
            {
                Name = nameOffsets[i],
                Value = symbol.Value,
                Size = symbol.Size,
                Info = (byte)((symbol.Binding << 4) | symbol.Type),
                Other = symbol.Other,
                Section = isFar ? ElfHeader.ExtendedSectionIndex : (ushort)section,
            };
            var fields = new ElfFieldWriter(table.AsSpan((i + 1) * size, size), elfClass, data);
            ElfRecords.Symbol(ref fields, ref record);
            if (isFar)
            {
                words.Word(indices.AsSpan((i + 1) * 4), section);
            }
        }

        return (table, indices);
    }

    /// <summary>The symbols of a table without its first one.</summary>
    public static List<ElfModelSymbol> Decode(
        ReadOnlySpan<byte> table, ReadOnlySpan<byte> indices, ElfClass elfClass, ElfData data, ElfStrings names, List<ElfModelSection> sections)
    {
        var words = new ElfWords(elfClass, data);
        int size = EntrySize(elfClass);
        int count = table.Length / size;
        var symbols = new List<ElfModelSymbol>(count);
        for (int i = 1; i < count; i++)
        {
            var record = default(ElfSymbolRecord);
            var fields = new ElfFieldReader(table.Slice(i * size, size), elfClass, data);
            ElfRecords.Symbol(ref fields, ref record);
            ushort index = record.Section;
            uint section = index == ElfHeader.ExtendedSectionIndex && indices.Length >= (i + 1) * 4 ? words.Word(indices[(i * 4)..]) : index;
            bool isReserved = index is >= ElfHeader.ReservedSectionIndex and not ElfHeader.ExtendedSectionIndex;
            bool isIn = !isReserved && section != 0 && section <= (uint)sections.Count;
            symbols.Add(new ElfModelSymbol(names[record.Name], record.Value, isIn ? sections[(int)section - 1] : null)
            {
                Size = record.Size,
                Type = (byte)(record.Info & 15),
                Binding = (byte)(record.Info >> 4),
                Other = record.Other,
                SectionIndex = isIn ? (ushort)0 : index,
                NameOffset = record.Name,
            });
        }

        return symbols;
    }
}
