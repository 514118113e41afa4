using System.Globalization;

namespace ElfMmu.Cli.Output;

/// <summary>Formats one row into room that is large enough for it.</summary>
internal ref struct Utf8Row(Span<byte> room)
{
    private readonly Span<byte> _room = room;

    /// <summary>How many bytes the row has so far.</summary>
    public int Length { get; private set; }

    /// <summary>Adds one byte.</summary>
    public void Add(byte value) => _room[Length++] = value;

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_room[Length..]);
        Length += bytes.Length;
    }

    /// <summary>Adds a number as <c>0x</c> and lower-case digits, filled up with zeros to a width.</summary>
    public void AddHex(ulong value, int digits = 1)
    {
        int count = Math.Max(digits, (67 - System.Numerics.BitOperations.LeadingZeroCount(value | 1)) >> 2);
        Span<byte> target = _room.Slice(Length, count + 2);
        target[0] = (byte)'0';
        target[1] = (byte)'x';
        for (int i = target.Length - 1; i > 1; i--)
        {
            target[i] = "0123456789abcdef"u8[(int)value & 15];
            value >>= 4;
        }

        Length += target.Length;
    }

    /// <summary>Adds a decimal number.</summary>
    public void AddDecimal(ulong value)
    {
        value.TryFormat(_room[Length..], out int written, provider: CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <summary>Adds blanks up to a column.</summary>
    public void PadTo(int column)
    {
        if (Length < column)
        {
            _room[Length..column].Fill((byte)' ');
            Length = column;
        }
    }

    /// <summary>Moves what was added since <paramref name="start"/> to the right, up to <paramref name="width"/>.</summary>
    public void AlignRight(int start, int width)
    {
        int size = Length - start;
        if (size < width)
        {
            _room.Slice(start, size).CopyTo(_room[(start + width - size)..]);
            _room.Slice(start, width - size).Fill((byte)' ');
            Length = start + width;
        }
    }
}
