using System.Buffers.Binary;

namespace ElfMmu.Packing;

/// <summary>
/// The bits of a stream that is read from its end to its start (RFC 8878, 4.1): the highest bit set in the last byte ends it. Bits before the start are
/// zeros.
/// </summary>
internal ref struct ZstandardBits
{
    /// <summary>How many symbols of the longest code <see cref="TryLoad"/> has bits for.</summary>
    public const int SymbolsAtOnce = 5;

    private readonly ReadOnlySpan<byte> _bytes;

    public ZstandardBits(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[^1] == 0)
        {
            throw new InvalidDataException("a stream of bits has no end");
        }

        _bytes = bytes;
        Left = (bytes.Length * 8L) - 8 + int.Log2(bytes[^1]);
    }

    /// <summary>How many bits are left; negative when more were read than there are.</summary>
    public long Left { get; private set; }

    /// <summary>Reads up to 32 bits.</summary>
    public uint Read(int count)
    {
        uint value = Peek(count);
        Left -= count;
        return value;
    }

    /// <summary>Passes over bits.</summary>
    public void Skip(int count) => Left -= count;

    /// <summary>The next 56 bits or more at once, the next one highest; false where there may be fewer.</summary>
    public readonly bool TryLoad(out ulong word)
    {
        int index = (int)(Left >> 3) - 7;
        if (index < 0 || index + 8 > _bytes.Length)
        {
            word = 0;
            return false;
        }

        word = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[index..]) << (8 - (int)(Left & 7));
        return true;
    }

    /// <summary>The next bits, up to 32, without passing over them.</summary>
    public readonly uint Peek(int count)
    {
        long start = Left - count;
        if (start >= 0 && (start >> 3) + 8 <= _bytes.Length)
        {
            return (uint)((BinaryPrimitives.ReadUInt64LittleEndian(_bytes[(int)(start >> 3)..]) >> (int)(start & 7)) & ((1UL << count) - 1));
        }

        return PeekAtEnd(start, count);
    }

    private readonly uint PeekAtEnd(long start, int count)
    {
        int missing = start < 0 ? (int)Math.Min(-start, count) : 0;
        if (missing == count)
        {
            return 0;
        }

        long from = start + missing;
        int index = (int)(from >> 3);
        ulong word = 0;
        if (index + 8 <= _bytes.Length)
        {
            word = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[index..]);
        }
        else
        {
            for (int i = _bytes.Length - 1; i >= index; i--)
            {
                word = (word << 8) | _bytes[i];
            }
        }

        return (uint)(((word >> (int)(from & 7)) & ((1UL << (count - missing)) - 1)) << missing);
    }
}
