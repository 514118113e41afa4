namespace ElfMmu.Tests.Packing;

/// <summary>Writes the elements of a raw snappy block one by one, and beside them, byte by byte, what they mean.</summary>
internal sealed class SnappyElements
{
    private readonly List<byte> _packed = [];
    private readonly List<byte> _plain = [];

    /// <summary>What comes out.</summary>
    public byte[] Plain => [.. _plain];

    /// <summary>The block, with its length before it.</summary>
    public byte[] Packed => [.. Length((uint)_plain.Count), .. _packed];

    public static byte[] Length(uint value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }

    /// <summary>A literal; its length is written in 0 to 4 bytes of its own.</summary>
    public SnappyElements Literal(ReadOnlySpan<byte> bytes, int lengthBytes)
    {
        uint size = (uint)bytes.Length - 1;
        _packed.Add((byte)((lengthBytes == 0 ? size : 59 + (uint)lengthBytes) << 2));
        for (int i = 0; i < lengthBytes; i++)
        {
            _packed.Add((byte)(size >> (8 * i)));
        }

        _packed.AddRange(bytes);
        _plain.AddRange(bytes);
        return this;
    }

    /// <summary>A copy of what came out before, its offset in 1, 2 or 4 bytes.</summary>
    public SnappyElements Copy(int offset, int size, int offsetBytes)
    {
        if (offsetBytes == 1)
        {
            _packed.Add((byte)(1 | ((size - 4) << 2) | ((offset >> 8) << 5)));
            _packed.Add((byte)offset);
        }
        else
        {
            _packed.Add((byte)((offsetBytes == 2 ? 2 : 3) | ((size - 1) << 2)));
            for (int i = 0; i < offsetBytes; i++)
            {
                _packed.Add((byte)(offset >> (8 * i)));
            }
        }

        for (int i = 0; i < size; i++)
        {
            _plain.Add(_plain[^offset]);
        }

        return this;
    }
}
