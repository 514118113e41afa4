using System.Buffers.Binary;
using System.Text;
using ElfMmu.Elf;

namespace ElfMmu.Dwarf;

/// <summary>The bytes of a section as it grows, in the target's byte order.</summary>
internal sealed class DwarfBuffer(DwarfTarget target, string name)
{
    /// <summary>The most bytes a section has: what an array holds, less room to grow by.</summary>
    public const int MaximumSize = 0x7fff_0000;

    private readonly bool _big = target.Data == ElfData.BigEndian;
    private byte[] _bytes = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> ToMemory() => _bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public void U8(int value) => Take(1)[0] = (byte)value;

    public void U16(int value)
    {
        if (_big)
        {
            BinaryPrimitives.WriteUInt16BigEndian(Take(2), (ushort)value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(Take(2), (ushort)value);
        }
    }

    public void U32(uint value) => Put32(Take(4), value);

    public void U64(ulong value)
    {
        if (_big)
        {
            BinaryPrimitives.WriteUInt64BigEndian(Take(8), value);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);
        }
    }

    /// <summary>A number as wide as an address; the caller has checked that it fits.</summary>
    public void Address(ulong value)
    {
        if (target.AddressSize == 8)
        {
            U64(value);
        }
        else
        {
            U32((uint)value);
        }
    }

    /// <summary>An unsigned number in base 128 (DWARF 5, 7.6).</summary>
    public void Unsigned(ulong value)
    {
        while (value >= 0x80)
        {
            U8((int)(value & 0x7f) | 0x80);
            value >>= 7;
        }

        U8((int)value);
    }

    /// <summary>A signed number in base 128 (DWARF 5, 7.6).</summary>
    public void Signed(long value)
    {
        while (value is < -0x40 or > 0x3f)
        {
            U8((int)(value & 0x7f) | 0x80);
            value >>= 7;
        }

        U8((int)(value & 0x7f));
    }

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Text in UTF-8 with a zero behind it.</summary>
    public void Text(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw DwarfErrors.Value(
                $"The name '{text.Replace("\0", "\\0", StringComparison.Ordinal)}' has a zero in it, which ends strings",
                "cut it there");
        }

        Encoding.UTF8.GetBytes(text, Take(Encoding.UTF8.GetByteCount(text)));
        U8(0);
    }

    /// <summary>Leaves room for a length and gives its place, for <see cref="EndLength"/>.</summary>
    public int BeginLength()
    {
        U32(0);
        return Length;
    }

    /// <summary>Puts the length of what was written since in its place.</summary>
    public void EndLength(int begin) => Patch(begin - 4, (uint)(Length - begin));

    public void Patch(int offset, uint value) => Put32(_bytes.AsSpan(offset, 4), value);

    private void Put32(Span<byte> destination, uint value)
    {
        if (_big)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(destination, value);
        }
    }

    private Span<byte> Take(int count)
    {
        if (count > MaximumSize - Length)
        {
            throw DwarfErrors.TooLarge($"{name} gets larger than {MaximumSize} bytes");
        }

        if (count > _bytes.Length - Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(MaximumSize, Math.Max(2L * _bytes.Length, (long)Length + count)));
        }

        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
