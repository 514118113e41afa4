using System.Numerics;

namespace ElfMmu.Packing;

/// <summary>
/// A prefix code of Deflate (RFC 1951, 3.2.2) as a table that is looked up by the next bits: what a symbol means and how long its code is, or where
/// the table for the rest of a longer code begins. It is filled again for each block.
/// </summary>
/// <param name="bits">How many bits are looked up at once.</param>
/// <param name="size">The most entries that a code can take, with those for longer codes.</param>
/// <param name="meanings">What each symbol means: an entry without the length of its code.</param>
internal sealed class InflateTable(int bits, int size, uint[] meanings)
{
    /// <summary>The longest code there is, in bits.</summary>
    public const int MostBits = 15;

    /// <summary>An entry that is a literal; nothing else has the highest bit.</summary>
    public const uint Literal = 0x8000_0000;

    /// <summary>An entry that is no plain value; alone, it is no code at all.</summary>
    public const uint Special = 0x8000;

    /// <summary>An entry that leads to the table for longer codes.</summary>
    public const uint Longer = 0x4000;

    /// <summary>An entry that ends the block.</summary>
    public const uint EndOfBlock = 0x2000;

    private readonly short[] _symbols = new short[meanings.Length];

    /// <summary>How many bits are looked up at once.</summary>
    public int Bits => bits;

    /// <summary>
    /// The entries: bits 0 to 7 the length of the code, 8 to 12 how many bits follow it, 16 to 30 its value. Behind <see cref="Bits"/> bits the length
    /// is that of the rest.
    /// </summary>
    public uint[] Entries { get; } = GC.AllocateArray<uint>(size, pinned: true);

    /// <summary>Fills the table. O(symbols + entries).</summary>
    /// <param name="lengths">The length of each symbol's code; 0 for none.</param>
    /// <returns>False when the codes don't add up.</returns>
    public bool Fill(ReadOnlySpan<byte> lengths)
    {
        Span<int> counts = stackalloc int[MostBits + 1];
        counts.Clear();
        foreach (byte length in lengths)
        {
            counts[length]++;
        }

        counts[0] = 0;
        int left = 1;
        int used = 0;
        Span<int> next = stackalloc int[MostBits + 2];
        for (int length = 1; length <= MostBits; length++)
        {
            left = (left << 1) - counts[length];
            next[length] = used;
            used += counts[length];
            if (left < 0)
            {
                return false;
            }
        }

        if (left > 0)
        {
            // One code of one bit may be all there is, and so may be none.
            return used <= 1 && counts[1] == used && FillSingle(lengths);
        }

        for (int symbol = 0; symbol < lengths.Length; symbol++)
        {
            if (lengths[symbol] > 0)
            {
                _symbols[next[lengths[symbol]]++] = (short)symbol;
            }
        }

        return Fill(counts);
    }

    private bool FillSingle(ReadOnlySpan<byte> lengths)
    {
        Array.Fill(Entries, Special, 0, 1 << bits);
        int symbol = lengths.IndexOf((byte)1);
        for (int i = 0; symbol >= 0 && i < 1 << bits; i += 2)
        {
            Entries[i] = meanings[symbol] | 1;
        }

        return true;
    }

    /// <summary>
    /// Takes the symbols by the length of their codes. The table is as large as the codes so far are long, and doubled when they get longer. Bits of a
    /// code come in reversed order, so that the next code is found by a carry from the top.
    /// </summary>
    private bool Fill(Span<int> counts)
    {
        uint[] entries = Entries;
        int at = 0;
        uint code = 0;
        int length = 1;
        for (; length <= bits; length++)
        {
            uint most = (1u << length) - 1;
            if (length > 1)
            {
                entries.AsSpan(0, 1 << (length - 1)).CopyTo(entries.AsSpan(1 << (length - 1)));
            }

            for (int i = counts[length]; i > 0; i--)
            {
                entries[code] = meanings[_symbols[at++]] | (uint)length;
                if (code == most)
                {
                    for (; length < bits; length++)
                    {
                        entries.AsSpan(0, 1 << length).CopyTo(entries.AsSpan(1 << length));
                    }

                    return true;
                }

                code = Next(code, most);
            }
        }

        return FillLonger(counts, at, code, length);
    }

    private bool FillLonger(Span<int> counts, int at, uint code, int length)
    {
        uint[] entries = Entries;
        uint mask = (1u << bits) - 1;
        uint prefix = uint.MaxValue;
        int start = 1 << bits;
        int end = start;
        for (; length <= MostBits; length++)
        {
            for (int i = counts[length]; i > 0; i--)
            {
                if ((code & mask) != prefix)
                {
                    // The table for this prefix is as large as the longest code that begins with it.
                    prefix = code & mask;
                    int more = length - bits;
                    for (int taken = i; taken < 1 << more && bits + more < MostBits;)
                    {
                        more++;
                        taken = (taken << 1) + counts[bits + more];
                    }

                    start = end;
                    end += 1 << more;
                    if (end > entries.Length)
                    {
                        return false;
                    }

                    entries[prefix] = ((uint)start << 16) | Special | Longer | ((uint)more << 8) | (uint)bits;
                }

                uint entry = meanings[_symbols[at++]] | (uint)(length - bits);
                for (int place = start + (int)(code >> bits); place < end; place += 1 << (length - bits))
                {
                    entries[place] = entry;
                }

                uint most = (1u << length) - 1;
                if (code == most)
                {
                    return true;
                }

                code = Next(code, most);
            }
        }

        return true;
    }

    private static uint Next(uint code, uint most)
    {
        uint carry = 1u << BitOperations.Log2(code ^ most);
        return (code & (carry - 1)) | carry;
    }
}
