namespace ElfMmu.Elf.Hashing;

/// <summary>The way of a name through a hash table.</summary>
internal sealed class ElfHashLookup(ElfHashTable table)
{
    /// <summary>The symbols that a loader would compare a name with, in order.</summary>
    public IEnumerable<int> Candidates(byte[] name)
    {
        if (table.Symbols == null || table.Buckets.Count == 0)
        {
            return [];
        }

        return table.Kind == ElfHashKind.Gnu ? Gnu(ElfSymbolHash.Gnu(name)) : SystemV(ElfSymbolHash.SystemV(name));
    }

    /// <summary>Whether the filter lets a hash pass. Without a sound filter nothing passes, as in a loader.</summary>
    public static bool Passes(IReadOnlyList<ulong> words, int bits, int shift, uint hash)
    {
        if (words.Count == 0)
        {
            return false;
        }

        ulong word = words[(int)((hash / (uint)bits) & (uint)(words.Count - 1))];
        int first = (int)(hash % (uint)bits);
        int second = (int)((shift < 32 ? hash >> shift : 0) % (uint)bits);
        return (word >> first & word >> second & 1) != 0;
    }

    private IEnumerable<int> SystemV(uint hash)
    {
        ulong next = table.Buckets[(int)(hash % (uint)table.Buckets.Count)];
        for (int steps = 0; next != 0 && next < (ulong)table.Chains.Count && next < (ulong)table.Symbols!.Count && steps < table.Chains.Count; steps++)
        {
            yield return (int)next;
            next = table.Chains[(int)next];
        }
    }

    private IEnumerable<int> Gnu(uint hash)
    {
        int bits = table.Symbols!.AddressBits;
        if (!Passes(table.BloomWords, bits, table.BloomShift ?? 0, hash))
        {
            yield break;
        }

        ulong symbol = table.Buckets[(int)(hash % (uint)table.Buckets.Count)];
        ulong first = table.FirstSymbol ?? 0;
        for (; symbol >= first && symbol - first < (ulong)table.Chains.Count && symbol < (ulong)table.Symbols.Count && symbol != 0; symbol++)
        {
            ulong word = table.Chains[(int)(symbol - first)];
            if ((word | 1) == (hash | 1u))
            {
                yield return (int)symbol;
            }

            if ((word & 1) != 0)
            {
                break;
            }
        }
    }
}
