using ElfMmu.Elf.Symbols;

namespace ElfMmu.Companions;

/// <summary>Makes one symbol of what several sources, or several lines, say of one.</summary>
internal static class SymbolMerger
{
    /// <summary>
    /// Fuses symbols of the same name and address: what one of them doesn't say is taken from the other. The same name at several addresses
    /// stays several symbols, as static functions of one name are. O(n).
    /// </summary>
    /// <returns>The symbols in the order in which each came first.</returns>
    public static List<CompanionSymbol> Merge(IEnumerable<CompanionSymbol> symbols)
    {
        List<CompanionSymbol> merged = [];
        Dictionary<(string Name, ulong Address, bool IsUndefined), int> places = [];
        foreach (CompanionSymbol symbol in symbols)
        {
            (string, ulong, bool) key = (symbol.Name, symbol.Address, symbol.Place == SymbolPlace.Undefined);
            if (places.TryGetValue(key, out int at))
            {
                merged[at] = Fuse(merged[at], symbol);
            }
            else
            {
                places.Add(key, merged.Count);
                merged.Add(symbol);
            }
        }

        return merged;
    }

    private static CompanionSymbol Fuse(CompanionSymbol a, CompanionSymbol b) => a with
    {
        Size = a.Size is null or 0 ? b.Size ?? a.Size : a.Size,
        Type = a.Type is null or ElfSymbolType.None ? b.Type ?? a.Type : a.Type,
        IsCode = a.IsCode ?? b.IsCode,
        Binding = Strength(b.Binding) > Strength(a.Binding) ? b.Binding : a.Binding,
        Visibility = a.Visibility == 0 ? b.Visibility : a.Visibility,
        Place = a.Place == SymbolPlace.Absolute ? b.Place : a.Place,
        Section = a.Section ?? b.Section,
        Module = a.Module ?? b.Module,
        File = a.File ?? b.File,
        Line = a.File == null ? b.Line : a.Line ?? (a.File == b.File ? b.Line : null),
        DataType = a.DataType ?? b.DataType,
        Frame = a.Frame ?? b.Frame,
    };

    private static int Strength(ElfSymbolBinding binding) => binding switch
    {
        ElfSymbolBinding.Local => 0,
        ElfSymbolBinding.Weak => 1,
        _ => 2,
    };
}
