namespace ElfMmu.Elf.Symbols;

/// <summary>Which symbols are wanted. What is cheap to look at is looked at first, and a name only if nothing else speaks against its symbol.</summary>
public sealed class ElfSymbolFilter
{
    /// <summary>Whether a name is wanted; null for every one.</summary>
    public Func<string, bool>? Name { get; init; }

    /// <summary>Whether a type is wanted, by its number and its canonical name; null for every one.</summary>
    public Func<uint, string, bool>? Type { get; init; }

    /// <summary>Whether a binding is wanted, by its number and its canonical name; null for every one.</summary>
    public Func<uint, string, bool>? Binding { get; init; }

    /// <summary>Whether a table is wanted, by its name; null for every one.</summary>
    public Func<string, bool>? Table { get; init; }

    /// <summary>True for symbols that their file defines, false for the others, null for both.</summary>
    public bool? IsDefined { get; init; }

    /// <summary>The number of the one section wanted, as a table or as what symbols are in; null for all.</summary>
    public int? Section { get; init; }

    /// <summary>The numbers of the symbols wanted in a table, in its order. O(symbols).</summary>
    /// <param name="table">The table.</param>
    public IEnumerable<int> Select(ElfSymbolTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (Table?.Invoke(table.Name) == false)
        {
            yield break;
        }

        // There are at most 16 types and 16 bindings, and asking about a name of one costs more than the rest.
        bool[] types = Wanted(Type, i => ElfNames.SymbolType((ElfSymbolType)i, table.File.Header.Machine));
        bool[] bindings = Wanted(Binding, i => ElfNames.SymbolBinding((ElfSymbolBinding)i));
        bool all = Section == null || Section == table.Section;
        if (all && (Type, Binding, IsDefined, Name) is (null, null, null, null))
        {
            // Nothing is asked of the symbols, so they needn't be looked at.
            for (int i = 0; i < table.Count; i++)
            {
                yield return i;
            }

            yield break;
        }

        for (int i = 0; i < table.Count; i++)
        {
            ElfSymbolEntry entry = table[i];
            if (types[entry.Info & 0xf] && bindings[entry.Info >> 4] && (IsDefined == null || IsDefined == entry.IsDefined)
                && (all || table.SectionOf(i, entry) == Section) && (Name == null || Name(table.NameOf(i, entry))))
            {
                yield return i;
            }
        }
    }

    private static bool[] Wanted(Func<uint, string, bool>? filter, Func<int, string> name) =>
        [.. Enumerable.Range(0, 16).Select(i => filter == null || filter((uint)i, name(i)))];
}
