namespace ElfMmu.Packing;

/// <summary>A Huffman code of literals (RFC 8878, 4.2).</summary>
internal sealed class ZstandardHuffman
{
    private const int MostBits = 11;

    private readonly int _bits;
    private readonly byte[] _symbols;
    private readonly byte[] _lengths;

    private ZstandardHuffman(ReadOnlySpan<byte> weights)
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
        _symbols = new byte[1 << _bits];
        _lengths = new byte[1 << _bits];
        int at = 0;
        for (int weight = 1; weight <= _bits; weight++)
        {
            for (int symbol = 0; symbol <= weights.Length; symbol++)
            {
                if (all[symbol] == weight)
                {
                    int count = 1 << (weight - 1);
                    _symbols.AsSpan(at, count).Fill((byte)symbol);
                    _lengths.AsSpan(at, count).Fill((byte)(_bits + 1 - weight));
                    at += count;
                }
            }
        }
    }

    /// <summary>Reads the description of a code, and says how many bytes it took.</summary>
    public static ZstandardHuffman Read(ReadOnlySpan<byte> source, out int size)
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

        return new ZstandardHuffman(weights[..count]);
    }

    /// <summary>Decodes a stream that fills the destination exactly.</summary>
    public void Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var bits = new ZstandardBits(source);
        for (int i = 0; i < destination.Length; i++)
        {
            uint index = bits.Peek(_bits);
            destination[i] = _symbols[index];
            bits.Skip(_lengths[index]);
        }

        if (bits.Left != 0)
        {
            throw new InvalidDataException("a stream of literals has another length");
        }
    }

    /// <summary>The weights are symbols of two states in turn, until the bits are used up.</summary>
    private static int ReadWeights(ReadOnlySpan<byte> source, Span<byte> weights)
    {
        const int MostAccuracy = 6;
        ZstandardStates states = ZstandardStates.Read(source, MostAccuracy, 256, out int size);
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
