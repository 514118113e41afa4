using System.Buffers.Binary;

namespace ElfMmu.Packing;

/// <summary>
/// Decompresses a file of Zstandard frames (RFC 8878) from its start to its end, block by block. Memory is bounded by twice the window that a
/// frame asks for, and by what came out of it; checksums are checked.
/// </summary>
/// <param name="packed">What is decompressed; it takes it over.</param>
/// <param name="mostWindow">The largest window that is taken.</param>
internal sealed class ZstandardStream(Stream packed, ulong mostWindow) : Stream
{
    private const int MagicSize = 4;
    private const int BlockHeaderSize = 3;

    private readonly byte[] _block = new byte[ZstandardDecoder.MostBlockSize];
    private readonly byte[] _bytes = new byte[ZstandardDecoder.MostBlockSize];
    private ZstandardDecoder _decoder = new(int.MaxValue);
    private ZstandardFrame? _frame;
    private XxHash64 _hash = new();
    private int _at;
    private int _count;

    /// <summary>The largest window asked for so far.</summary>
    public ulong Window { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads what comes out.</summary>
    /// <exception cref="InvalidDataException">It is damaged or cut off, or asks for too large a window.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (_at == _count)
        {
            if (!Advance())
            {
                return 0;
            }
        }

        int part = Math.Min(buffer.Length, _count - _at);
        _bytes.AsSpan(_at, part).CopyTo(buffer);
        _at += part;
        return part;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            packed.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Goes on by a frame's header or a block.</summary>
    /// <returns>False at the end.</returns>
    private bool Advance()
    {
        if (_frame is { } frame)
        {
            Block(frame);
            return true;
        }

        Span<byte> head = stackalloc byte[MagicSize];
        int read = packed.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (read == 0)
        {
            return false;
        }

        uint magic = read == head.Length ? BinaryPrimitives.ReadUInt32LittleEndian(head) : throw Cut();
        if ((magic & ~0xfu) == ZstandardDecoder.SkippableMagic)
        {
            Fill(head);
            Skip(BinaryPrimitives.ReadUInt32LittleEndian(head));
        }
        else if (magic == ZstandardDecoder.Magic)
        {
            Start();
        }
        else
        {
            throw new InvalidDataException($"a frame starts with 0x{magic:x8}");
        }

        return true;
    }

    private void Start()
    {
        Span<byte> header = stackalloc byte[ZstandardFrame.MostHeaderSize];
        ZstandardFrame? frame = null;
        for (int size = 0; frame == null && size < header.Length; size++)
        {
            Fill(header.Slice(size, 1));
            frame = ZstandardFrame.Read(header[..(size + 1)]);
        }

        ulong window = (frame ?? throw Cut()).Window;
        Window = Math.Max(Window, window);
        if (window > mostWindow)
        {
            throw new InvalidDataException($"it has to look back on {window} bytes, and more than {mostWindow} aren't kept");
        }

        _frame = frame;
        _hash = new XxHash64();
        _decoder = new ZstandardDecoder(int.MaxValue);
        _decoder.StartFrame(window);
    }

    private void Block(in ZstandardFrame frame)
    {
        Span<byte> header = stackalloc byte[BlockHeaderSize];
        Fill(header);
        int value = header[0] | (header[1] << 8) | (header[2] << 16);
        (int type, int size) = ((value >> 1) & 3, value >> 3);
        if (size > ZstandardDecoder.MostBlockSize)
        {
            throw new InvalidDataException("a block has a size there isn't");
        }

        Span<byte> content = _block.AsSpan(0, ZstandardDecoder.ContentSize(type, size));
        Fill(content);
        ReadOnlySpan<byte> bytes = _decoder.DecodeBlock(type, size, content);
        bytes.CopyTo(_bytes);
        (_at, _count) = (0, bytes.Length);
        _decoder.Forget((int)frame.Window);
        if (frame.HasChecksum)
        {
            _hash.Add(_bytes.AsSpan(0, _count));
        }

        if ((value & 1) != 0)
        {
            End(frame);
        }
    }

    private void End(in ZstandardFrame frame)
    {
        _frame = null;
        if (!frame.HasChecksum)
        {
            return;
        }

        Span<byte> checksum = stackalloc byte[4];
        Fill(checksum);
        if (BinaryPrimitives.ReadUInt32LittleEndian(checksum) != (uint)_hash.Value())
        {
            throw new InvalidDataException("the checksum of a frame doesn't agree");
        }
    }

    private void Skip(long size)
    {
        while (size > 0)
        {
            Span<byte> part = _block.AsSpan(0, (int)Math.Min(size, _block.Length));
            Fill(part);
            size -= part.Length;
        }
    }

    private void Fill(Span<byte> bytes)
    {
        if (packed.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) != bytes.Length)
        {
            throw Cut();
        }
    }

    private static InvalidDataException Cut() => new("it is cut off");
}
