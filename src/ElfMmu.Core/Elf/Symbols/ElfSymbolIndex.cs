using System.Text;
using ElfMmu.Elf.Hashing;

namespace ElfMmu.Elf.Symbols;

/// <summary>
/// Finds symbols by address and by name. Building it is O(symbols · log symbols); names are hashed when one is first asked for. It holds the
/// tables, and outlives their file. For one thread.
/// </summary>
public sealed class ElfSymbolIndex
{
    private readonly ElfSymbolTable[] _tables;
    private readonly Candidate[] _candidates;
    private readonly List<ulong> _starts = [];
    private readonly List<(ulong End, int Candidate)> _owners = [];
    private (uint[] Hashes, (int Table, int Index)[] Symbols)? _names;

    /// <summary>Makes an index.</summary>
    /// <param name="tables">The tables; where they say the same, the first one counts.</param>
    /// <param name="filter">Which symbols count; null for all.</param>
    public ElfSymbolIndex(IEnumerable<ElfSymbolTable> tables, ElfSymbolFilter? filter = null)
    {
        ArgumentNullException.ThrowIfNull(tables);
        _tables = [.. tables];
        List<Candidate> candidates = [];
        filter ??= new ElfSymbolFilter();
        for (int t = 0; t < _tables.Length; t++)
        {
            ElfSymbolTable table = _tables[t];
            foreach (int i in filter.Select(table))
            {
                ElfSymbolEntry entry = table[i];
                if (entry.Type != ElfSymbolType.Section && entry.IsInSection && entry.NameOffset != 0
                    && table.AddressOf(i, entry) is { } address && !IsMappingSymbol(table, entry))
                {
                    ulong end = entry.Size > ulong.MaxValue - address ? ulong.MaxValue : address + entry.Size;
                    candidates.Add(new Candidate(address, end, Rank(entry), t, i));
                }
            }
        }

        _candidates = [.. candidates];
        Array.Sort(_candidates);
        Sweep();
    }

    /// <summary>
    /// The symbol that an address is in: of those whose size covers it the one that starts last, and of those that start together functions
    /// and data before others, global ones before weak and local ones. Where no size covers it, the nearest one below if that has no size,
    /// as labels of assemblers do, and its section goes that far. Null if there is none. O(log symbols).
    /// </summary>
    /// <param name="address">The address; in memory, for a loaded image.</param>
    public ElfSymbol? At(ulong address)
    {
        int at = _starts.BinarySearch(address);
        at = at >= 0 ? at : ~at - 1;
        if (at >= 0 && address < _owners[at].End)
        {
            return Found(_candidates[_owners[at].Candidate], address);
        }

        // The last one at or below, among all: its rank is the best of those that start there.
        int below = Array.BinarySearch(_candidates, new Candidate(address, 0, int.MaxValue, 0, 0));
        below = (below >= 0 ? below : ~below) - 1;
        if (below < 0 || _candidates[below].End != _candidates[below].Start)
        {
            return null;
        }

        Candidate label = _candidates[below];
        ElfSymbolTable table = _tables[label.Table];
        ReadOnlySpan<ElfSectionHeader> sections = table.File.SectionHeaders;
        if (table.SectionOf(label.Index, table[label.Index]) is { } section && section < (uint)sections.Length)
        {
            ElfSectionHeader header = sections[(int)section];
            if (address - table.File.AddressOf(header) >= header.Size)
            {
                return null;
            }
        }

        return Found(label, address);
    }

    /// <summary>The symbols of a name, without a version, in the order of the tables. O(1) and their number, the first time O(all names).</summary>
    /// <param name="name">The name.</param>
    public IEnumerable<ElfSymbol> Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        (uint[] hashes, (int Table, int Index)[] symbols) = _names ??= Names();
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        uint hash = ElfSymbolHash.Gnu(bytes);
        int first = Array.BinarySearch(hashes, hash);
        while (first > 0 && hashes[first - 1] == hash)
        {
            first--;
        }

        for (int i = first; i >= 0 && i < hashes.Length && hashes[i] == hash; i++)
        {
            ElfSymbolTable table = _tables[symbols[i].Table];
            if (table.NameBytes(table[symbols[i].Index]).SequenceEqual(bytes))
            {
                yield return table.Symbol(symbols[i].Index);
            }
        }
    }

    private static int Rank(in ElfSymbolEntry entry) =>
        (entry.Type is ElfSymbolType.Function or ElfSymbolType.Object or ElfSymbolType.IndirectFunction ? 4 : 0)
        + entry.Binding switch { ElfSymbolBinding.Local => 0, ElfSymbolBinding.Weak => 1, _ => 2 };

    /// <summary>Where code turns to data or to another encoding ($a, $d, $t, $x), which no one asks for.</summary>
    private static bool IsMappingSymbol(ElfSymbolTable table, in ElfSymbolEntry entry) =>
        entry.Type == ElfSymbolType.None && entry.Binding == ElfSymbolBinding.Local
        && table.File.Header.Machine is ElfMachine.Arm or ElfMachine.AArch64 or ElfMachine.RiscV or ElfMachine.CSky
        && table.NameBytes(entry) is [(byte)'$', (byte)'a' or (byte)'d' or (byte)'t' or (byte)'x', ..];

    /// <summary>Cuts the addresses into pieces that belong to one symbol each: at any place, what started last is on top of the stack.</summary>
    private void Sweep()
    {
        var open = new Stack<int>();
        ulong position = 0;
        for (int i = 0; i < _candidates.Length; i++)
        {
            if (_candidates[i].End > _candidates[i].Start)
            {
                Close(_candidates[i].Start);
                open.Push(i);
            }
        }

        Close(ulong.MaxValue);

        void Close(ulong to)
        {
            while (open.TryPeek(out int top) && _candidates[top].End <= to)
            {
                Add(_candidates[top].End, top);
                open.Pop();
            }

            if (open.TryPeek(out int rest))
            {
                Add(to, rest);
            }

            position = Math.Max(position, to);
        }

        void Add(ulong end, int candidate)
        {
            if (end > position)
            {
                _starts.Add(position);
                _owners.Add((end, candidate));
                position = end;
            }
        }
    }

    private (uint[] Hashes, (int Table, int Index)[] Symbols) Names()
    {
        List<uint> hashes = [];
        List<(int, int)> symbols = [];
        long left = 256 << 20;
        for (int t = 0; t < _tables.Length; t++)
        {
            for (int i = 0; i < _tables[t].Count && left > 0; i++)
            {
                // Names that overlap, as only a hostile file has them, would be millions of bytes each.
                ReadOnlySpan<byte> name = _tables[t].NameBytes(_tables[t][i]);
                left -= name.Length;
                if (name.Length > 0)
                {
                    hashes.Add(ElfSymbolHash.Gnu(name));
                    symbols.Add((t, i));
                }
            }
        }

        uint[] keys = [.. hashes];
        (int, int)[] values = [.. symbols];
        Array.Sort(keys, values);

        // The sort isn't stable; those of one hash are few in any file that isn't hostile, and sorted again.
        for (int i = 0; i < keys.Length;)
        {
            int end = i + 1;
            while (end < keys.Length && keys[end] == keys[i])
            {
                end++;
            }

            Array.Sort(values, i, end - i);
            i = end;
        }

        return (keys, values);
    }

    private ElfSymbol Found(in Candidate candidate, ulong address)
    {
        ElfSymbolTable table = _tables[candidate.Table];
        return new ElfSymbol(table, candidate.Index, table[candidate.Index]) { MatchAddress = address };
    }

    private readonly record struct Candidate(ulong Start, ulong End, int Rank, int Table, int Index) : IComparable<Candidate>
    {
        // What is found first comes last.
        public int CompareTo(Candidate other)
        {
            int order = Start.CompareTo(other.Start);
            order = order != 0 ? order : Rank.CompareTo(other.Rank);
            order = order != 0 ? order : other.Table.CompareTo(Table);
            return order != 0 ? order : other.Index.CompareTo(Index);
        }
    }
}
