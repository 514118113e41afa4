namespace ElfMmu.Packing;

/// <summary>A table of finite state entropy (RFC 8878, 4.1): each state has a symbol, and says how many bits lead to the next.</summary>
internal sealed class ZstandardStates
{
    private readonly byte[] _symbols;
    private readonly byte[] _bits;
    private readonly ushort[] _bases;

    private ZstandardStates(int accuracy)
    {
        Accuracy = accuracy;
        _symbols = new byte[1 << accuracy];
        _bits = new byte[1 << accuracy];
        _bases = new ushort[1 << accuracy];
    }

    /// <summary>The bits of the first state.</summary>
    public int Accuracy { get; }

    /// <summary>A table of a single symbol.</summary>
    public static ZstandardStates Single(byte symbol)
    {
        var states = new ZstandardStates(0);
        states._symbols[0] = symbol;
        return states;
    }

    /// <summary>Makes a table of how often each symbol comes; -1 is less than once.</summary>
    public static ZstandardStates Make(ReadOnlySpan<short> shares, int accuracy)
    {
        var states = new ZstandardStates(accuracy);
        int size = 1 << accuracy;
        int high = size;
        Span<int> next = stackalloc int[256];
        for (int symbol = 0; symbol < shares.Length; symbol++)
        {
            if (shares[symbol] == -1)
            {
                states._symbols[--high] = (byte)symbol;
                next[symbol] = 1;
            }
        }

        int step = (size >> 1) + (size >> 3) + 3;
        int at = 0;
        for (int symbol = 0; symbol < shares.Length; symbol++)
        {
            if (shares[symbol] > 0)
            {
                next[symbol] = shares[symbol];
                for (int i = 0; i < shares[symbol]; i++)
                {
                    states._symbols[at] = (byte)symbol;
                    do
                    {
                        at = (at + step) & (size - 1);
                    }
                    while (at >= high);
                }
            }
        }

        for (int state = 0; state < size; state++)
        {
            int value = next[states._symbols[state]]++;
            int bits = accuracy - int.Log2(value);
            states._bits[state] = (byte)bits;
            states._bases[state] = (ushort)((value << bits) - size);
        }

        return states;
    }

    /// <summary>Reads the description of a table, and says how many bytes it took.</summary>
    public static ZstandardStates Read(ReadOnlySpan<byte> source, int mostAccuracy, int mostSymbols, out int size)
    {
        long at = 0;
        int accuracy = (int)Bits(source, ref at, 4) + 5;
        if (accuracy > mostAccuracy)
        {
            throw new InvalidDataException("a table of states is too large");
        }

        Span<short> shares = stackalloc short[256];
        int symbols = 0;
        int remaining = 1 << accuracy;
        while (remaining > 0)
        {
            if (symbols >= mostSymbols)
            {
                throw new InvalidDataException("a table of states has too many symbols");
            }

            int bits = int.Log2(remaining + 1) + 1;
            int value = (int)Bits(source, ref at, bits);
            int mask = (1 << (bits - 1)) - 1;
            int threshold = (1 << bits) - 1 - (remaining + 1);
            if ((value & mask) < threshold)
            {
                at--;
                value &= mask;
            }
            else if (value > mask)
            {
                value -= threshold;
            }

            int share = value - 1;
            remaining -= Math.Abs(share);
            shares[symbols++] = (short)share;
            for (uint repeat = share == 0 ? 3u : 0; repeat == 3;)
            {
                repeat = Bits(source, ref at, 2);
                symbols += (int)repeat;
                if (symbols > mostSymbols)
                {
                    throw new InvalidDataException("a table of states has too many symbols");
                }
            }
        }

        if (remaining != 0)
        {
            throw new InvalidDataException("a table of states doesn't add up");
        }

        size = (int)((at + 7) / 8);
        return Make(shares[..symbols], accuracy);
    }

    /// <summary>The symbol of a state.</summary>
    public byte Symbol(uint state) => _symbols[state];

    /// <summary>The state behind another.</summary>
    public uint Next(uint state, ref ZstandardBits bits) => _bases[state] + bits.Read(_bits[state]);

    private static uint Bits(ReadOnlySpan<byte> source, ref long at, int count)
    {
        uint value = 0;
        for (int i = 0; i < count; i++, at++)
        {
            if (at >> 3 >= source.Length)
            {
                throw new InvalidDataException("a table of states is cut off");
            }

            value |= (uint)((source[(int)(at >> 3)] >> (int)(at & 7)) & 1) << i;
        }

        return value;
    }
}
