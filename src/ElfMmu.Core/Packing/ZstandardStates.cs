using System.Buffers.Binary;

namespace ElfMmu.Packing;

/// <summary>A table of finite state entropy (RFC 8878, 4.1): each state has a symbol, and says how many bits lead to the next.</summary>
internal sealed class ZstandardStates
{
    // The symbol in bits 0 to 7, the bits that lead to the next state in 8 to 15, and its base in 16 to 31.
    private readonly uint[] _entries;

    /// <summary>Makes a table to be filled, again and again.</summary>
    /// <param name="mostAccuracy">The most bits of a state.</param>
    public ZstandardStates(int mostAccuracy) => _entries = new uint[1 << mostAccuracy];

    /// <summary>The bits of the first state.</summary>
    public int Accuracy { get; private set; }

    /// <summary>Makes a table of how often each symbol comes; -1 is less than once.</summary>
    public static ZstandardStates Make(ReadOnlySpan<short> shares, int accuracy)
    {
        var states = new ZstandardStates(accuracy);
        states.Fill(shares, accuracy);
        return states;
    }

    /// <summary>Makes it a table of a single symbol.</summary>
    public void FillSingle(byte symbol)
    {
        Accuracy = 0;
        _entries[0] = symbol;
    }

    private void Fill(ReadOnlySpan<short> shares, int accuracy)
    {
        Accuracy = accuracy;
        int size = 1 << accuracy;
        uint[] entries = _entries;
        int high = size;
        Span<ushort> next = stackalloc ushort[256];
        for (int symbol = 0; symbol < shares.Length; symbol++)
        {
            next[symbol] = (ushort)Math.Abs((int)shares[symbol]);
            if (shares[symbol] == -1)
            {
                entries[--high] = (uint)symbol;
            }
        }

        int step = (size >> 1) + (size >> 3) + 3;
        int at = 0;
        for (int symbol = 0; symbol < shares.Length; symbol++)
        {
            for (int i = shares[symbol]; i > 0; i--)
            {
                entries[at] = (uint)symbol;
                do
                {
                    at = (at + step) & (size - 1);
                }
                while (at >= high);
            }
        }

        for (int state = 0; state < size; state++)
        {
            uint symbol = entries[state];
            uint value = next[(int)symbol]++;
            int bits = accuracy - int.Log2((int)value);
            entries[state] = symbol | ((uint)bits << 8) | (((value << bits) - (uint)size) << 16);
        }
    }

    /// <summary>Reads the description of a table, and says how many bytes it took.</summary>
    public void Read(ReadOnlySpan<byte> source, int mostAccuracy, int mostSymbols, out int size)
    {
        long at = 0;
        int accuracy = (int)Bits(source, ref at, 4) + 5;
        if (accuracy > mostAccuracy)
        {
            throw new InvalidDataException("a table of states is too large");
        }

        Span<short> shares = stackalloc short[256];
        shares.Clear();
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
        Fill(shares[..symbols], accuracy);
    }

    /// <summary>The symbol of a state.</summary>
    public byte Symbol(uint state) => (byte)_entries[state];

    /// <summary>The state behind another.</summary>
    public uint Next(uint state, ref ZstandardBits bits)
    {
        uint entry = _entries[state];
        return (entry >> 16) + bits.Read((int)((entry >> 8) & 0xff));
    }

    private static uint Bits(ReadOnlySpan<byte> source, ref long at, int count)
    {
        int index = (int)(at >> 3);
        if (at + count > source.Length * 8L)
        {
            throw new InvalidDataException("a table of states is cut off");
        }

        uint word = 0;
        if (index + 4 <= source.Length)
        {
            word = BinaryPrimitives.ReadUInt32LittleEndian(source[index..]);
        }
        else
        {
            for (int i = source.Length - 1; i >= index; i--)
            {
                word = (word << 8) | source[i];
            }
        }

        word = (word >> (int)(at & 7)) & ((1u << count) - 1);
        at += count;
        return word;
    }
}
