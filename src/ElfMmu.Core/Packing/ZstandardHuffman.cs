namespace ElfMmu.Packing;

/// <summary>A Huffman code of literals (RFC 8878, 4.2).</summary>
internal sealed class ZstandardHuffman
{
    private const int MostBits = 11;

    private const int MostAccuracy = 6;

    // The symbol in bits 0 to 7, and the length of its code behind.
    private readonly ushort[] _entries = new ushort[1 << MostBits];
    private readonly ZstandardStates _states = new(MostAccuracy);
    private int _bits;

    private void Fill(ReadOnlySpan<byte> weights)
    {
        // The last weight isn't stored: it fills the code up.
        uint sum = 0;
        foreach (byte weight in weights)
        {
            sum += weight == 0 ? 0 : 1u << (weight - 1);
        }

        _bits = sum == 0 ? 0 : int.Log2((int)sum) + 1;
        uint left = (1u << _bits) - sum;
        if (sum == 0 || _bits > MostBits || !uint.IsPow2(left))
        {
            throw new InvalidDataException("a Huffman code doesn't add up");
        }

        Span<byte> all = stackalloc byte[256];
        weights.CopyTo(all);
        all[weights.Length] = (byte)(int.Log2((int)left) + 1);
        all = all[..(weights.Length + 1)];

        // Codes ascend by weight, and by symbol within one.
        Span<int> starts = stackalloc int[MostBits + 2];
        starts.Clear();
        foreach (byte weight in all)
        {
            starts[weight + 1] += weight == 0 ? 0 : 1 << (weight - 1);
        }

        for (int weight = 1; weight < starts.Length; weight++)
        {
            starts[weight] += starts[weight - 1];
        }

        for (int symbol = 0; symbol < all.Length; symbol++)
        {
            int weight = all[symbol];
            if (weight > 0)
            {
                int count = 1 << (weight - 1);
                _entries.AsSpan(starts[weight], count).Fill((ushort)(symbol | ((_bits + 1 - weight) << 8)));
                starts[weight] += count;
            }
        }
    }

    /// <summary>Reads the description of a code, and says how many bytes it took.</summary>
    public void Read(ReadOnlySpan<byte> source, out int size)
    {
        if (source.IsEmpty)
        {
            throw new InvalidDataException("a Huffman code is cut off");
        }

        Span<byte> weights = stackalloc byte[256];
        int head = source[0];
        int count = head >= 128 ? head - 127 : 0;
        size = 1 + (head >= 128 ? (count + 1) / 2 : head);
        if (size > source.Length)
        {
            throw new InvalidDataException("a Huffman code is cut off");
        }

        if (head >= 128)
        {
            for (int i = 0; i < count; i++)
            {
                weights[i] = (byte)(i % 2 == 0 ? source[1 + (i / 2)] >> 4 : source[1 + (i / 2)] & 0xf);
            }
        }
        else
        {
            count = ReadWeights(source[1..size], weights);
        }

        if (weights[..count].ContainsAnyExceptInRange((byte)0, (byte)MostBits))
        {
            throw new InvalidDataException("a Huffman code has a length there isn't");
        }

        Fill(weights[..count]);
    }

    /// <summary>Decodes a stream that fills the destination exactly.</summary>
    public void Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var bits = new ZstandardBits(source);
        ushort[] entries = _entries;
        int i = 0;
        while (i <= destination.Length - ZstandardBits.SymbolsAtOnce && bits.TryLoad(out ulong word))
        {
            int used = 0;
            for (int end = i + ZstandardBits.SymbolsAtOnce; i < end; i++)
            {
                int entry = entries[(int)(word >> (64 - _bits))];
                destination[i] = (byte)entry;
                word <<= entry >> 8;
                used += entry >> 8;
            }

            bits.Skip(used);
        }

        for (; i < destination.Length; i++)
        {
            int entry = entries[(int)bits.Peek(_bits)];
            destination[i] = (byte)entry;
            bits.Skip(entry >> 8);
        }

        if (bits.Left != 0)
        {
            throw new InvalidDataException("a stream of literals has another length");
        }
    }

    /// <summary>The weights are symbols of two states in turn, until the bits are used up.</summary>
    private int ReadWeights(ReadOnlySpan<byte> source, Span<byte> weights)
    {
        ZstandardStates states = _states;
        states.Read(source, MostAccuracy, 256, out int size);
        var bits = new ZstandardBits(source[Math.Min(size, source.Length)..]);
        uint one = bits.Read(states.Accuracy);
        uint other = bits.Read(states.Accuracy);
        int count = 0;
        while (true)
        {
            // One more symbol than weights are stored, and two at a time.
            if (count > 253)
            {
                throw new InvalidDataException("a Huffman code has too many symbols");
            }

            weights[count++] = states.Symbol(one);
            one = states.Next(one, ref bits);
            if (bits.Left < 0)
            {
                weights[count++] = states.Symbol(other);
                return count;
            }

            (one, other) = (other, one);
        }
    }
}
