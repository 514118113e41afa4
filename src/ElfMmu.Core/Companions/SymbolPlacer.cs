using ElfMmu.Elf.Symbols;
using ElfMmu.Intervals;

namespace ElfMmu.Companions;

/// <summary>Finds the section of each symbol, and the sizes that nobody said.</summary>
internal sealed class SymbolPlacer
{
    // Nothing of one image lies so far from its neighbour; a larger gap is the way to another one.
    private const ulong WidestGap = 16 << 20;
    private const ulong PageSize = 4096;

    private readonly List<CompanionRange> _ranges = [];
    private readonly Dictionary<string, int> _named = new(StringComparer.Ordinal);
    private readonly SourceNotes _notes;

    private SymbolPlacer(SourceNotes notes) => _notes = notes;

    /// <summary>
    /// Places symbols: in the section its source names, where that is one of those given or no sections are; else in the range that has the
    /// address; else in no section, as an absolute symbol. O(n log n).
    /// </summary>
    /// <param name="symbols">The symbols.</param>
    /// <param name="given">Ranges that become sections whatever lies in them.</param>
    /// <param name="mapped">Ranges that become sections if a symbol lies in them; null to have ranges made of the symbols.</param>
    /// <param name="inferSizes">Whether symbols without a size reach to the next one.</param>
    /// <param name="notes">Takes what was odd.</param>
    public static (PlacedSymbol[] Symbols, IReadOnlyList<CompanionRange> Ranges) Place(
        IReadOnlyList<CompanionSymbol> symbols,
        IReadOnlyList<CompanionRange> given,
        IReadOnlyList<CompanionRange>? mapped,
        bool inferSizes,
        SourceNotes notes)
    {
        var placer = new SymbolPlacer(notes);
        var placed = new PlacedSymbol[symbols.Count];
        for (int i = 0; i < placed.Length; i++)
        {
            placed[i] = new PlacedSymbol(symbols[i], -1);
        }

        placer.AddGiven(given);
        placer.AddNamed(placed);
        placer.PlaceNamed(placed);
        placer.PlaceByAddress(placed, 0, placer._ranges.Count);
        int own = placer._ranges.Count;
        if (mapped != null)
        {
            placer.AddUsed(mapped, placed);
        }

        // GDB ends itself over a file that has debug information and not one section in memory.
        if (given.Count == 0 && (mapped == null || placer._ranges.Count == 0))
        {
            placer.NoteOutside(placed, mapped);
            placer.AddGroups(placed);
        }

        placer.PlaceByAddress(placed, own, placer._ranges.Count - own);
        placer.Finish(placed, inferSizes);
        return (placed, placer._ranges);
    }

    private void AddGiven(IReadOnlyList<CompanionRange> given)
    {
        foreach (CompanionRange range in given)
        {
            if (range.Name != null)
            {
                _named.TryAdd(range.Name, _ranges.Count);
            }

            _ranges.Add(range);
        }
    }

    /// <summary>Makes a range of each section that symbols name and nobody gave.</summary>
    private void AddNamed(PlacedSymbol[] placed)
    {
        OrderedDictionary<string, (ulong Start, ulong Last)> extents = [];
        foreach (PlacedSymbol item in placed)
        {
            if (item.Symbol is { Place: SymbolPlace.Address, Section: { } name, Type: not ElfSymbolType.ThreadLocal } symbol && !_named.ContainsKey(name))
            {
                ulong last = symbol.Address + Math.Min(Math.Max(item.Size, 1) - 1, ulong.MaxValue - symbol.Address);
                extents[name] = extents.TryGetValue(name, out (ulong Start, ulong Last) had)
                    ? (Math.Min(had.Start, symbol.Address), Math.Max(had.Last, last))
                    : (symbol.Address, last);
            }
        }

        foreach ((string name, (ulong start, ulong last)) in extents)
        {
            _named.Add(name, _ranges.Count);
            _ranges.Add(new CompanionRange(name, Interval.FromStartAndLast(start, last), CompanionRange.RightsOf(name)));
        }
    }

    private void PlaceNamed(PlacedSymbol[] placed)
    {
        foreach (ref PlacedSymbol item in placed.AsSpan())
        {
            if (item.Symbol is { Place: SymbolPlace.Address, Section: { } name } && _named.TryGetValue(name, out int section))
            {
                if (Holds(_ranges[section], item))
                {
                    item.Section = section;
                }
                else
                {
                    _notes.Add($"Section {name}", 0, "isn't in the range of the section it names; its address decides", Text(item.Symbol));
                }
            }
        }
    }

    /// <summary>Adds those ranges that have a symbol which has no section yet.</summary>
    private void AddUsed(IReadOnlyList<CompanionRange> mapped, PlacedSymbol[] placed)
    {
        CompanionRange[] sorted = [.. mapped.OrderBy(r => r.Addresses)];
        int[] farthest = Farthest(sorted);
        bool[] used = new bool[sorted.Length];
        foreach (PlacedSymbol item in placed)
        {
            if (NeedsSection(item) && Find(sorted, farthest, item) is >= 0 and int at)
            {
                used[at] = true;
            }
        }

        _ranges.AddRange(sorted.Where((_, i) => used[i]));
    }

    private void NoteOutside(PlacedSymbol[] placed, IReadOnlyList<CompanionRange>? mapped)
    {
        foreach (PlacedSymbol item in placed.Where(p => mapped != null && NeedsSection(p)))
        {
            _notes.Add("Symbols", 0, "lies in none of the core's ranges, and nor does any other; sections were made of them", Text(item.Symbol));
        }
    }

    /// <summary>Makes ranges of the symbols themselves: one ends where code and data meet, and where a wide gap is.</summary>
    private void AddGroups(PlacedSymbol[] placed)
    {
        PlacedSymbol[] sorted = [.. placed.Where(NeedsSection).OrderBy(s => s.Symbol.Address)];
        for (int first = 0; first < sorted.Length;)
        {
            bool? isCode = sorted[first].Symbol.IsCode;
            ulong last = sorted[first].Symbol.Address;
            int end = first;
            for (; end < sorted.Length; end++)
            {
                CompanionSymbol symbol = sorted[end].Symbol;
                bool isOther = symbol.IsCode != null && isCode != null && symbol.IsCode != isCode;
                if (isOther || (symbol.Address > last && symbol.Address - last > WidestGap))
                {
                    break;
                }

                isCode ??= symbol.IsCode;
                last = Math.Max(last, symbol.Address + Math.Min(Math.Max(sorted[end].Size, 1) - 1, ulong.MaxValue - symbol.Address));
            }

            // What has the size nobody said reaches to the next group, unless a gap is between them.
            if (end < sorted.Length && sorted[end].Symbol.Address > last && sorted[end].Symbol.Address - last <= WidestGap)
            {
                last = sorted[end].Symbol.Address - 1;
            }

            ulong start = sorted[first].Symbol.Address;
            Rights rights = isCode == true ? Rights.Read | Rights.Execute : Rights.Read | Rights.Write;
            _ranges.Add(new CompanionRange(null, Interval.FromStartAndLast(start, last), rights));
            first = end;
        }
    }

    private void PlaceByAddress(PlacedSymbol[] placed, int first, int count)
    {
        if (count == 0)
        {
            return;
        }

        int[] order = [.. Enumerable.Range(first, count).OrderBy(i => _ranges[i].Addresses)];
        CompanionRange[] sorted = [.. order.Select(i => _ranges[i])];
        int[] farthest = Farthest(sorted);
        foreach (ref PlacedSymbol item in placed.AsSpan())
        {
            if (NeedsSection(item) && Find(sorted, farthest, item) is >= 0 and int at)
            {
                item.Section = order[at];
            }
        }
    }

    private void Finish(PlacedSymbol[] placed, bool inferSizes)
    {
        foreach (ref PlacedSymbol item in placed.AsSpan())
        {
            if (item.Symbol.Type == null && (item.Section >= 0 || (item.HasAddress && item.Symbol.IsCode == true)))
            {
                item.Type = item.Symbol.IsCode ?? (_ranges[item.Section].Rights & Rights.Execute) != 0
                    ? ElfSymbolType.Function
                    : ElfSymbolType.Object;
            }

            if (NeedsSection(item))
            {
                _notes.Add("Symbols", 0, "lies in none of the ranges, and is an absolute symbol", Text(item.Symbol));
            }
        }

        if (inferSizes)
        {
            InferSizes(placed);
        }
    }

    /// <summary>
    /// Lets functions and data without a size reach to the next symbol of their section, or to the section's end. What no section has
    /// reaches to the next such symbol or section; where none is near, to the end of its page, for nothing says how far it goes.
    /// </summary>
    private void InferSizes(PlacedSymbol[] placed)
    {
        ulong[] starts = [.. _ranges.Select(r => r.Addresses.Start).Order()];
        int[] order = [.. Enumerable.Range(0, placed.Length)
            .Where(i => placed[i].HasAddress && !IsMapping(placed[i].Symbol.Name))
            .OrderBy(i => placed[i].Section).ThenBy(i => placed[i].Symbol.Address)];
        ulong next = 0;
        for (int i = order.Length - 1; i >= 0; i--)
        {
            ref PlacedSymbol item = ref placed[order[i]];
            ulong address = item.Symbol.Address;
            PlacedSymbol? behind = i + 1 < order.Length ? placed[order[i + 1]] : null;
            if (behind?.Section != item.Section || (item.Section < 0 && behind.Value.Symbol.Address - address > WidestGap))
            {
                ulong last = item.Section < 0 ? address | (PageSize - 1) : _ranges[item.Section].Addresses.Last;
                next = last == ulong.MaxValue ? ulong.MaxValue : last + 1;
            }
            else if (behind.Value.Symbol.Address > address)
            {
                next = behind.Value.Symbol.Address;
            }

            ulong end = item.Section < 0 ? Math.Min(next, Above(starts, address)) : next;
            bool hasExtent = item.Type is ElfSymbolType.Function or ElfSymbolType.Object or ElfSymbolType.IndirectFunction;
            if (item.Symbol.Size == null && hasExtent && end > address)
            {
                item.Size = end - address;
            }
        }
    }

    /// <summary>The first of sorted numbers that is above another; the highest there is if none is.</summary>
    private static ulong Above(ulong[] sorted, ulong value)
    {
        int at = value == ulong.MaxValue ? sorted.Length : Array.BinarySearch(sorted, value + 1);
        at = at < 0 ? ~at : at;
        return at < sorted.Length ? sorted[at] : ulong.MaxValue;
    }

    /// <summary>Whether a symbol marks where code and data meet within a function, as $a, $d, $t and $x do on ARM and RISC-V.</summary>
    private static bool IsMapping(string name) => name is ['$', 'a' or 'd' or 't' or 'x', ..] && (name.Length == 2 || name[2] == '.' || name[1] == 'x');

    private static bool NeedsSection(PlacedSymbol item) => item is { Section: < 0, HasAddress: true };

    /// <summary>For each range, which of those up to it ends last: ranges may overlap and hold each other.</summary>
    private static int[] Farthest(CompanionRange[] sorted)
    {
        int[] farthest = new int[sorted.Length];
        for (int i = 1; i < sorted.Length; i++)
        {
            farthest[i] = sorted[i].Addresses.Last >= sorted[farthest[i - 1]].Addresses.Last ? i : farthest[i - 1];
        }

        return farthest;
    }

    /// <summary>
    /// The range that has a symbol: of several the one that starts last, or else the one that ends last. -1 for none. O(log n).
    /// </summary>
    private static int Find(CompanionRange[] sorted, int[] farthest, PlacedSymbol item)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sorted[middle].Addresses.Start <= item.Symbol.Address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low == 0 ? -1
            : Holds(sorted[low - 1], item) ? low - 1
            : Holds(sorted[farthest[low - 1]], item) ? farthest[low - 1]
            : -1;
    }

    /// <summary>
    /// Whether a range has a symbol, or ends there: a label may stand behind the last byte. What has a size is no label, and code none of a
    /// range that doesn't run: it starts what the core lacks.
    /// </summary>
    private static bool Holds(CompanionRange range, PlacedSymbol item)
    {
        Interval addresses = range.Addresses;
        bool isCode = item.IsFunction || item.Symbol.IsCode == true;
        return addresses.Contains(item.Symbol.Address)
            || (item.Size == 0 && (!isCode || (range.Rights & Rights.Execute) != 0)
                && addresses.Last < ulong.MaxValue && item.Symbol.Address == addresses.Last + 1);
    }

    private static string Text(CompanionSymbol symbol) => $"{symbol.Name} at 0x{symbol.Address:x}";
}
