using System.Buffers.Binary;

namespace ElfMmu.Packing;

/// <summary>
/// Decompresses Zstandard (RFC 8878), for .NET 10 has no decoder of it. Frames follow one another; dictionaries aren't known. A frame's checksum is
/// checked where less comes out than may: what was cut there has another. What came out before damage stays. Memory grows with what comes out.
/// </summary>
internal sealed class ZstandardDecoder
{
    internal const uint Magic = 0xfd2fb528;
    internal const uint SkippableMagic = 0x184d2a50;
    internal const int MostBlockSize = 128 * 1024;

    private const int LiteralAccuracy = 9;
    private const int OffsetAccuracy = 8;
    private const int MatchAccuracy = 9;

    private static readonly ZstandardStates LiteralDefault = ZstandardStates.Make(
        [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1], 6);

    private static readonly ZstandardStates OffsetDefault = ZstandardStates.Make(
        [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1], 5);

    private static readonly ZstandardStates MatchDefault = ZstandardStates.Make(
        [
            1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1,
            -1, -1, -1, -1, -1, -1,
        ], 6);

    private static readonly byte[] LiteralBits =
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    private static readonly byte[] MatchBits =
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11,
        12, 13, 14, 15, 16,
    ];

    // Each code starts where the one before it ends.
    private static readonly int[] LiteralBases = Bases(LiteralBits, 0);
    private static readonly int[] MatchBases = Bases(MatchBits, 3);

    private readonly byte[] _literals = new byte[MostBlockSize];
    private readonly int[] _repeats = [1, 4, 8];
    private byte[] _output = [];
    private int _frameStart;
    private int _count;
    private readonly ZstandardHuffman _ownHuffman = new();
    private readonly ZstandardStates _ownLiteralStates = new(LiteralAccuracy);
    private readonly ZstandardStates _ownOffsetStates = new(OffsetAccuracy);
    private readonly ZstandardStates _ownMatchStates = new(MatchAccuracy);
    private int _most;
    private int _mostOfBlock = MostBlockSize;
    private ZstandardHuffman? _huffman;
    private ZstandardStates? _literalStates;
    private ZstandardStates? _offsetStates;
    private ZstandardStates? _matchStates;

    /// <summary>Makes a decoder.</summary>
    /// <param name="most">The most bytes that may come out; it ends there.</param>
    public ZstandardDecoder(int most) => _most = most;

    /// <summary>Decodes frames whose content has a known size; the decoder is as new before, and can be used again and again.</summary>
    /// <param name="source">The frames.</param>
    /// <param name="destination">Takes what comes out, which is exactly as long; undefined when it is damaged.</param>
    /// <returns>False when it is damaged, or decodes to another length.</returns>
    public bool TryDecode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        // One byte more would be too many.
        (_most, _count) = (destination.Length + 1, 0);
        try
        {
            Decode(source);
        }
        catch (InvalidDataException)
        {
            return false;
        }

        if (_count != destination.Length)
        {
            return false;
        }

        _output.AsSpan(0, _count).CopyTo(destination);
        return true;
    }

    /// <summary>What came out so far.</summary>
    public byte[] ToArray() => _output[.._count];

    /// <summary>Decodes, until the source or what is wanted ends. O(source + what comes out).</summary>
    /// <exception cref="InvalidDataException">It is damaged, or not Zstandard.</exception>
    public void Decode(ReadOnlySpan<byte> source)
    {
        while (source.Length >= 4 && _count < _most)
        {
            uint magic = BinaryPrimitives.ReadUInt32LittleEndian(source);
            source = source[4..];
            if ((magic & ~0xfu) == SkippableMagic)
            {
                source = Rest(source, 4);
                uint size = BinaryPrimitives.ReadUInt32LittleEndian(source);
                source = size <= source.Length - 4 ? source[(4 + (int)size)..] : throw Cut();
            }
            else if (magic == Magic)
            {
                Frame(ref source);
            }
            else
            {
                throw new InvalidDataException($"a frame starts with 0x{magic:x8}");
            }
        }
    }

    private static ReadOnlySpan<byte> Rest(ReadOnlySpan<byte> source, int needed) => source.Length >= needed ? source : throw Cut();

    private static InvalidDataException Cut() => new("it is cut off");

    private static int[] Bases(byte[] bits, int first)
    {
        int[] bases = new int[bits.Length];
        for (int i = 0; i < bits.Length; i++)
        {
            bases[i] = first;
            first += 1 << bits[i];
        }

        return bases;
    }

    private void Frame(ref ReadOnlySpan<byte> source)
    {
        ZstandardFrame frame = ZstandardFrame.Read(source) ?? throw Cut();
        source = source[frame.HeaderSize..];
        StartFrame(frame.Window);
        bool isLast = false;
        while (!isLast && _count < _most)
        {
            source = Rest(source, 3);
            int header = source[0] | (source[1] << 8) | (source[2] << 16);
            source = source[3..];
            isLast = (header & 1) != 0;
            Block((header >> 1) & 3, header >> 3, ref source);
        }

        if (isLast && frame.HasChecksum)
        {
            CheckSum(BinaryPrimitives.ReadUInt32LittleEndian(Rest(source, 4)));
            source = source[4..];
        }
    }

    private void CheckSum(uint expected)
    {
        if (_count >= _most)
        {
            return;
        }

        var hash = new XxHash64();
        hash.Add(_output.AsSpan(_frameStart, _count - _frameStart));
        if ((uint)hash.Value() != expected)
        {
            throw new InvalidDataException("the checksum of a frame doesn't agree");
        }
    }

    /// <summary>Begins a frame: nothing before it is known any more.</summary>
    /// <param name="window">Its window, of which no block gives more.</param>
    internal void StartFrame(ulong window)
    {
        _mostOfBlock = (int)Math.Min(window, MostBlockSize);
        (_repeats[0], _repeats[1], _repeats[2]) = (1, 4, 8);
        (_huffman, _literalStates, _offsetStates, _matchStates) = (null, null, null, null);
        _frameStart = _count;
    }

    /// <summary>Decodes one block of a frame.</summary>
    /// <param name="type">The type that its header says.</param>
    /// <param name="size">The size that its header says.</param>
    /// <param name="content">What stands behind its header, as many bytes as <see cref="ContentSize"/> says.</param>
    /// <returns>What came out of it; good until the next call.</returns>
    internal ReadOnlySpan<byte> DecodeBlock(int type, int size, ReadOnlySpan<byte> content)
    {
        int before = _count;
        Block(type, size, ref content);
        return _output.AsSpan(before, _count - before);
    }

    /// <summary>How many bytes stand behind a block's header.</summary>
    internal static int ContentSize(int type, int size) => type == 1 ? 1 : size;

    /// <summary>Forgets what came out before a window, once there is as much of it as the window has.</summary>
    internal void Forget(int window)
    {
        int room = Math.Max(window, MostBlockSize * 8);
        if (_count < window + room)
        {
            return;
        }

        int gone = _count - window;
        _output.AsSpan(gone, window).CopyTo(_output);
        _count = window;
        _frameStart = Math.Max(_frameStart - gone, -(1 << 30));
    }

    private void Block(int type, int size, ref ReadOnlySpan<byte> source)
    {
        if (size > _mostOfBlock || type == 3)
        {
            throw new InvalidDataException("a block has a size or a type there isn't");
        }

        source = Rest(source, type == 1 ? 1 : size);
        switch (type)
        {
            case 0:
                Append(source[..size]);
                source = source[size..];
                break;
            case 1:
                Reserve(size).Fill(source[0]);
                _count = Math.Min(_count + size, _most);
                source = source[1..];
                break;
            default:
                Compressed(source[..size]);
                source = source[size..];
                break;
        }
    }

    /// <summary>Room for so many bytes, or for what is still wanted.</summary>
    private Span<byte> Reserve(int size)
    {
        size = Math.Min(size, _most - _count);
        if (_output.Length - _count < size)
        {
            Array.Resize(ref _output, (int)Math.Min(Math.Max((long)_output.Length * 2, _count + size), Math.Max(_most, _count + size)));
        }

        return _output.AsSpan(_count, size);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        Span<byte> room = Reserve(bytes.Length);
        bytes[..room.Length].CopyTo(room);
        _count += room.Length;
    }

    private void Compressed(ReadOnlySpan<byte> source)
    {
        int literals = Literals(ref source);
        int sequences = Count(ref source);
        int start = _count;
        int used = 0;
        if (sequences > 0)
        {
            used = Sequences(source, sequences, literals);
        }

        if (_count - start + literals - used > _mostOfBlock)
        {
            throw new InvalidDataException("more comes out of a block than may");
        }

        Append(_literals.AsSpan(used, literals - used));
    }

    private int Literals(ref ReadOnlySpan<byte> source)
    {
        byte head = Rest(source, 1)[0];
        int type = head & 3;
        int format = (head >> 2) & 3;
        if (type <= 1)
        {
            int length = format switch { 1 => 2, 3 => 3, _ => 1 };
            source = Rest(source, length);
            int count = format switch
            {
                1 => (source[0] >> 4) | (source[1] << 4),
                3 => (source[0] >> 4) | (source[1] << 4) | (source[2] << 12),
                _ => source[0] >> 3,
            };
            CheckLiterals(count);
            source = Rest(source[length..], type == 0 ? count : 1);
            if (type == 0)
            {
                source[..count].CopyTo(_literals);
                source = source[count..];
            }
            else
            {
                _literals.AsSpan(0, count).Fill(source[0]);
                source = source[1..];
            }

            return count;
        }

        int bits = format switch { 2 => 14, 3 => 18, _ => 10 };
        int bytes = format switch { 2 => 4, 3 => 5, _ => 3 };
        source = Rest(source, bytes);
        ulong value = 0;
        for (int i = bytes - 1; i >= 0; i--)
        {
            value = (value << 8) | source[i];
        }

        int size = (int)((value >> 4) & ((1u << bits) - 1));
        int compressed = (int)((value >> (4 + bits)) & ((1u << bits) - 1));
        CheckLiterals(size);
        source = Rest(source[bytes..], compressed);
        ReadOnlySpan<byte> streams = source[..compressed];
        source = source[compressed..];
        if (type == 2)
        {
            _huffman = _ownHuffman;
            _huffman.Read(streams, out int tree);
            streams = streams[tree..];
        }

        ZstandardHuffman huffman = _huffman ?? throw new InvalidDataException("a code is repeated before there is one");
        if (format == 0)
        {
            huffman.Decode(streams, _literals.AsSpan(0, size));
        }
        else
        {
            FourStreams(huffman, streams, _literals.AsSpan(0, size));
        }

        return size;
    }

    private static void CheckLiterals(int count)
    {
        if (count > MostBlockSize)
        {
            throw new InvalidDataException("a block has too many literals");
        }
    }

    private static void FourStreams(ZstandardHuffman huffman, ReadOnlySpan<byte> streams, Span<byte> literals)
    {
        streams = Rest(streams, 6);
        int each = (literals.Length + 3) / 4;
        if (each * 3 > literals.Length)
        {
            throw new InvalidDataException("there are too few literals for four streams");
        }

        ReadOnlySpan<byte> sizes = streams[..6];
        streams = streams[6..];
        for (int i = 0; i < 4; i++)
        {
            int size = i == 3 ? streams.Length : BinaryPrimitives.ReadUInt16LittleEndian(sizes[(2 * i)..]);
            streams = Rest(streams, size);
            huffman.Decode(streams[..size], i == 3 ? literals[(3 * each)..] : literals.Slice(i * each, each));
            streams = streams[size..];
        }
    }

    private static int Count(ref ReadOnlySpan<byte> source)
    {
        byte head = Rest(source, 1)[0];
        int length = head < 128 ? 1 : head < 255 ? 2 : 3;
        source = Rest(source, length);
        int count = length switch
        {
            1 => head,
            2 => ((head - 128) << 8) + source[1],
            _ => source[1] + (source[2] << 8) + 0x7f00,
        };
        source = source[length..];
        return count;
    }

    /// <summary>Does the sequences of a block, and says how many literals they took.</summary>
    private int Sequences(ReadOnlySpan<byte> source, int count, int literals)
    {
        byte modes = Rest(source, 1)[0];
        source = source[1..];
        _literalStates = States(ref source, modes >> 6, LiteralDefault, _literalStates, _ownLiteralStates, LiteralAccuracy, 36);
        _offsetStates = States(ref source, (modes >> 4) & 3, OffsetDefault, _offsetStates, _ownOffsetStates, OffsetAccuracy, 32);
        _matchStates = States(ref source, (modes >> 2) & 3, MatchDefault, _matchStates, _ownMatchStates, MatchAccuracy, 53);
        var bits = new ZstandardBits(source);
        uint literalState = bits.Read(_literalStates.Accuracy);
        uint offsetState = bits.Read(_offsetStates.Accuracy);
        uint matchState = bits.Read(_matchStates.Accuracy);
        int used = 0;
        int start = _count;
        for (int i = 0; i < count; i++)
        {
            int offsetCode = _offsetStates.Symbol(offsetState);
            int matchCode = _matchStates.Symbol(matchState);
            int literalCode = _literalStates.Symbol(literalState);
            if (offsetCode > 31 || matchCode >= MatchBits.Length || literalCode >= LiteralBits.Length)
            {
                throw new InvalidDataException("a sequence has a code there isn't");
            }

            long offsetValue = (1L << offsetCode) + bits.Read(offsetCode);
            int match = MatchBases[matchCode] + (int)bits.Read(MatchBits[matchCode]);
            int literal = LiteralBases[literalCode] + (int)bits.Read(LiteralBits[literalCode]);
            if (i + 1 < count)
            {
                literalState = _literalStates.Next(literalState, ref bits);
                matchState = _matchStates.Next(matchState, ref bits);
                offsetState = _offsetStates.Next(offsetState, ref bits);
            }

            if (bits.Left < 0 || literal > literals - used || _count - start + (long)literal + match > _mostOfBlock)
            {
                throw new InvalidDataException("a sequence is longer than its block");
            }

            Append(_literals.AsSpan(used, literal));
            used += literal;
            Copy(Offset(offsetValue, literal == 0), match);
            if (_count >= _most)
            {
                return literals;
            }
        }

        return bits.Left == 0 ? used : throw new InvalidDataException("a block has more bits than sequences");
    }

    private static ZstandardStates States(
        ref ReadOnlySpan<byte> source,
        int mode,
        ZstandardStates standard,
        ZstandardStates? previous,
        ZstandardStates own,
        int mostAccuracy,
        int mostSymbols)
    {
        switch (mode)
        {
            case 0:
                return standard;
            case 1:
                byte symbol = Rest(source, 1)[0];
                source = source[1..];
                own.FillSingle(symbol);
                return own;
            case 2:
                own.Read(source, mostAccuracy, mostSymbols, out int size);
                source = source[size..];
                return own;
            default:
                return previous ?? throw new InvalidDataException("a table is repeated before there is one");
        }
    }

    /// <summary>The distance of a match: 1 to 3 repeat one of the last three, one further where no literal stands before.</summary>
    private int Offset(long value, bool noLiteral)
    {
        long offset;
        int index = 3;
        if (value > 3)
        {
            offset = value - 3;
        }
        else
        {
            index = (int)value - 1 + (noLiteral ? 1 : 0);
            offset = index < 3 ? _repeats[index] : _repeats[0] - 1;
        }

        if (offset <= 0 || offset > _count - _frameStart || offset > _count)
        {
            throw new InvalidDataException("a match lies before the start");
        }

        if (index > 0)
        {
            _repeats[2] = index > 1 ? _repeats[1] : _repeats[2];
            _repeats[1] = _repeats[0];
            _repeats[0] = (int)offset;
        }

        return (int)offset;
    }

    private void Copy(int offset, int length)
    {
        Span<byte> room = Reserve(length);
        ReadOnlySpan<byte> from = _output.AsSpan(_count - offset);
        if (offset >= room.Length)
        {
            from[..room.Length].CopyTo(room);
        }
        else if (offset == 1)
        {
            room.Fill(from[0]);
        }
        else
        {
            // A match may go on in what it makes itself.
            for (int i = 0; i < room.Length; i++)
            {
                room[i] = from[i];
            }
        }

        _count += room.Length;
    }
}
