using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ElfMmu.Packing;

/// <summary>
/// Decompresses zlib streams (RFC 1950 and 1951) that are small and whole, such as pages of memory: it takes no memory for a stream, for what it needs is
/// used again, where the framework's decoder is set up for each of them. On pages of 4 KiB the two are about as fast. One thread at a time.
/// </summary>
internal sealed unsafe class InflateDecoder
{
    private const int LiteralBits = 10;
    private const int DistanceBits = 8;
    private const int LengthBits = 7;
    private const int MostLiterals = 288;
    private const int MostDistances = 32;
    private const int Slack = 8;

    // The most entries that codes of so many symbols and bits can take (zlib, examples/enough.c).
    private const int LiteralEntries = 1334;
    private const int DistanceEntries = 402;

    private static readonly uint[] LiteralMeanings = Literals();
    private static readonly uint[] DistanceMeanings = Distances();
    private static readonly uint[] LengthMeanings = [.. Enumerable.Range(0, 19).Select(i => (uint)i << 16)];

    private readonly InflateTable _literals = new(LiteralBits, LiteralEntries, LiteralMeanings);
    private readonly InflateTable _distances = new(DistanceBits, DistanceEntries, DistanceMeanings);
    private readonly InflateTable _lengths = new(LengthBits, 1 << LengthBits, LengthMeanings);
    private readonly byte[] _codeLengths = new byte[MostLiterals + MostDistances];
    private bool _isFixed;

    private byte* _input;
    private byte* _inputEnd;
    private byte* _start;
    private byte* _output;
    private byte* _outputEnd;
    private ulong _bits;
    private int _count;
    private int _overrun;

    private static ReadOnlySpan<byte> LengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>Decompresses a stream and checks its sum. O(what comes out).</summary>
    /// <param name="source">The stream; what follows it doesn't matter.</param>
    /// <param name="destination">Takes what comes out, which is exactly as long; undefined when it is damaged.</param>
    /// <returns>False when it is damaged, or decompresses to another length.</returns>
    public bool TryDecode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        const int HeaderSize = 2;
        const int TrailerSize = 4;
        if (source.Length < HeaderSize + TrailerSize || destination.IsEmpty
            || (source[0] & 0xf) != 8 || source[0] > 0x7f || ((source[0] << 8) | source[1]) % 31 != 0 || (source[1] & 0x20) != 0)
        {
            return false;
        }

        fixed (byte* input = source, output = destination)
        {
            _input = input + HeaderSize;
            _inputEnd = input + source.Length;
            _start = output;
            _output = output;
            _outputEnd = output + destination.Length;
            (_bits, _count, _overrun) = (0, 0, 0);
            if (!Blocks() || _output != _outputEnd || !Align() || _inputEnd - _input < TrailerSize)
            {
                return false;
            }

            return Adler32.Compute(destination) == BinaryPrimitives.ReadUInt32BigEndian(new ReadOnlySpan<byte>(_input, TrailerSize));
        }
    }

    private static uint[] Literals()
    {
        uint[] meanings = new uint[MostLiterals];
        for (uint i = 0; i < 256; i++)
        {
            meanings[i] = InflateTable.Literal | (i << 16);
        }

        meanings[256] = InflateTable.Special | InflateTable.EndOfBlock;
        uint length = 3;
        for (int i = 257; i < 285; i++)
        {
            int extra = i < 265 ? 0 : (i - 261) / 4;
            meanings[i] = (length << 16) | ((uint)extra << 8);
            length += 1u << extra;
        }

        meanings[285] = 258 << 16;
        meanings[286] = meanings[287] = InflateTable.Special;
        return meanings;
    }

    private static uint[] Distances()
    {
        uint[] meanings = new uint[MostDistances];
        uint distance = 1;
        for (int i = 0; i < 30; i++)
        {
            int extra = i < 4 ? 0 : (i - 2) / 2;
            meanings[i] = (distance << 16) | ((uint)extra << 8);
            distance += 1u << extra;
        }

        meanings[30] = meanings[31] = InflateTable.Special;
        return meanings;
    }

    /// <summary>Makes sure of 56 bits. Behind the end there are zeros, which are counted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Refill()
    {
        if (_inputEnd - _input >= 8)
        {
            _bits |= (BitConverter.IsLittleEndian ? *(ulong*)_input : BinaryPrimitives.ReverseEndianness(*(ulong*)_input)) << _count;
            _input += (63 - _count) >> 3;
            _count |= 56;
        }
        else
        {
            RefillAtEnd();
        }
    }

    private void RefillAtEnd()
    {
        for (; _count < 56; _count += 8)
        {
            if (_input < _inputEnd)
            {
                _bits |= (ulong)*_input++ << _count;
            }
            else
            {
                _overrun++;
            }
        }
    }

    private uint Take(int count)
    {
        uint value = (uint)_bits & ((1u << count) - 1);
        _bits >>= count;
        _count -= count;
        return value;
    }

    /// <summary>Goes to the next whole byte of the input; false when more was taken than there is.</summary>
    private bool Align()
    {
        int unused = _count >> 3;
        if (_overrun > unused)
        {
            return false;
        }

        _input -= unused - _overrun;
        (_bits, _count, _overrun) = (0, 0, 0);
        return true;
    }

    private bool Blocks()
    {
        bool isLast = false;
        while (!isLast)
        {
            Refill();
            isLast = Take(1) != 0;
            bool isSound = Take(2) switch
            {
                0 => Stored(),
                1 => Fixed() && Compressed(),
                2 => Codes() && Compressed(),
                _ => false,
            };
            if (!isSound || _overrun > 8)
            {
                return false;
            }
        }

        return true;
    }

    private bool Stored()
    {
        if (!Align() || _inputEnd - _input < 4)
        {
            return false;
        }

        int size = _input[0] | (_input[1] << 8);
        int inverse = _input[2] | (_input[3] << 8);
        _input += 4;
        if ((size ^ inverse) != 0xffff || size > _inputEnd - _input || size > _outputEnd - _output)
        {
            return false;
        }

        Unsafe.CopyBlockUnaligned(_output, _input, (uint)size);
        _input += size;
        _output += size;
        return true;
    }

    private bool Fixed()
    {
        if (!_isFixed)
        {
            Span<byte> lengths = _codeLengths;
            lengths[..144].Fill(8);
            lengths[144..256].Fill(9);
            lengths[256..280].Fill(7);
            lengths[280..288].Fill(8);
            lengths[288..].Fill(5);
            _isFixed = _literals.Fill(lengths[..MostLiterals]) && _distances.Fill(lengths[MostLiterals..]);
        }

        return _isFixed;
    }

    /// <summary>Reads the codes of a block, which are compressed by a code of their own.</summary>
    private bool Codes()
    {
        _isFixed = false;
        int literals = (int)Take(5) + 257;
        int distances = (int)Take(5) + 1;
        int count = (int)Take(4) + 4;
        Span<byte> own = stackalloc byte[LengthOrder.Length];
        own.Clear();
        for (int i = 0; i < count; i++)
        {
            // 4 bits are enough for one more each time.
            if (i % 8 == 0)
            {
                Refill();
            }

            own[LengthOrder[i]] = (byte)Take(3);
        }

        if (literals > 286 || distances > 30 || !_lengths.Fill(own))
        {
            return false;
        }

        uint[] entries = _lengths.Entries;
        Span<byte> lengths = _codeLengths;
        int all = literals + distances;
        for (int i = 0; i < all;)
        {
            Refill();
            uint entry = entries[(int)(_bits & ((1 << LengthBits) - 1))];
            if ((entry & InflateTable.Special) != 0 || _overrun > 8)
            {
                return false;
            }

            Take((int)(entry & 0xff));
            uint symbol = entry >> 16;
            if (symbol < 16)
            {
                lengths[i++] = (byte)symbol;
                continue;
            }

            if (symbol == 16 && i == 0)
            {
                return false;
            }

            byte repeated = symbol == 16 ? lengths[i - 1] : (byte)0;
            int times = symbol switch { 16 => 3 + (int)Take(2), 17 => 3 + (int)Take(3), _ => 11 + (int)Take(7) };
            if (times > all - i)
            {
                return false;
            }

            lengths.Slice(i, times).Fill(repeated);
            i += times;
        }

        // Without an end, the block would have none.
        return lengths[256] != 0 && _literals.Fill(lengths[..literals]) && _distances.Fill(lengths[literals..all]);
    }

    private bool Compressed()
    {
        const uint LiteralMask = (1 << LiteralBits) - 1;
        const uint DistanceMask = (1 << DistanceBits) - 1;
        fixed (uint* literals = _literals.Entries, distances = _distances.Entries)
        {
            byte* output = _output;
            byte* outputEnd = _outputEnd;
            while (true)
            {
                Refill();
                uint entry = literals[_bits & LiteralMask];
                for (int i = 0; i < 3 && (entry & InflateTable.Literal) != 0; i++)
                {
                    if (output == outputEnd)
                    {
                        return false;
                    }

                    _bits >>= (int)(entry & 0xff);
                    _count -= (int)(entry & 0xff);
                    *output++ = (byte)(entry >> 16);
                    entry = literals[_bits & LiteralMask];
                }

                if ((entry & InflateTable.Literal) != 0)
                {
                    continue;
                }

                // Up to three literals took 30 bits; what follows takes up to 48.
                Refill();
                if ((entry & InflateTable.Special) != 0)
                {
                    if ((entry & InflateTable.Longer) != 0)
                    {
                        Take(LiteralBits);
                        entry = literals[(entry >> 16) + (_bits & ((1u << (int)((entry >> 8) & 0xf)) - 1))];
                        if ((entry & InflateTable.Literal) != 0)
                        {
                            if (output == outputEnd)
                            {
                                return false;
                            }

                            Take((int)(entry & 0xff));
                            *output++ = (byte)(entry >> 16);
                            continue;
                        }
                    }

                    if ((entry & InflateTable.Special) != 0)
                    {
                        Take((int)(entry & 0xff));
                        _output = output;
                        return (entry & InflateTable.EndOfBlock) != 0;
                    }
                }

                int length = Value(entry);
                entry = distances[_bits & DistanceMask];
                if ((entry & InflateTable.Longer) != 0)
                {
                    Take(DistanceBits);
                    entry = distances[(entry >> 16) + (_bits & ((1u << (int)((entry >> 8) & 0xf)) - 1))];
                }

                if ((entry & InflateTable.Special) != 0)
                {
                    return false;
                }

                int distance = Value(entry);
                if (distance > output - _start || length > outputEnd - output || _overrun > 8)
                {
                    return false;
                }

                Match(output, outputEnd, distance, length);
                output += length;
            }
        }
    }

    /// <summary>The value of a length or a distance, with the bits that follow its code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Value(uint entry)
    {
        _bits >>= (int)(entry & 0xff);
        int extra = (int)((entry >> 8) & 0x1f);
        int value = (int)(entry >> 16) + (int)((uint)_bits & ((1u << extra) - 1));
        _bits >>= extra;
        _count -= (int)(entry & 0xff) + extra;
        return value;
    }

    /// <summary>Repeats what came out before; it may go on in what it makes itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Match(byte* to, byte* end, int distance, int length)
    {
        byte* from = to - distance;
        byte* last = to + length;
        if (distance >= Slack && end - last >= Slack)
        {
            for (; to < last; to += Slack, from += Slack)
            {
                *(ulong*)to = *(ulong*)from;
            }
        }
        else if (distance == 1)
        {
            Unsafe.InitBlockUnaligned(to, *from, (uint)length);
        }
        else
        {
            while (to < last)
            {
                *to++ = *from++;
            }
        }
    }
}
