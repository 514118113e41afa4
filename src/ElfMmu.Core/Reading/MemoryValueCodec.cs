using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace ElfMmu.Reading;

/// <summary>A type of values with its size and its order of bytes: makes values of bytes and bytes of values.</summary>
public sealed class MemoryValueCodec
{
    private readonly bool _isLittle;

    /// <summary>Makes the codec of a type on a machine.</summary>
    internal MemoryValueCodec(MemoryValueType type, DataModel model)
    {
        Type = type;
        Size = type.Size ?? model.WordSize / 8;
        ByteOrder = type.ByteOrder ?? model.ByteOrder;
        _isLittle = ByteOrder == ByteOrder.Little;
    }

    /// <summary>The type.</summary>
    public MemoryValueType Type { get; }

    /// <summary>The size in bytes: 1 to 16.</summary>
    public int Size { get; }

    /// <summary>The order of bytes.</summary>
    public ByteOrder ByteOrder { get; }

    /// <summary>
    /// The value of the first <see cref="Size"/> bytes: the number type of that size; <see cref="BigInteger"/> for 128 bits,
    /// <see cref="ulong"/> for any pointer, <see cref="char"/> and <see cref="bool"/>.
    /// </summary>
    public object Decode(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> value = bytes[..Size];
        return (Type.Kind, Size) switch
        {
            (MemoryValueKind.Unsigned, 1) => value[0],
            (MemoryValueKind.Unsigned, 2) => UInt16(value),
            (MemoryValueKind.Unsigned, 4) => UInt32(value),
            (MemoryValueKind.Unsigned, 8) => UInt64(value),
            (MemoryValueKind.Signed, 1) => (sbyte)value[0],
            (MemoryValueKind.Signed, 2) => (short)UInt16(value),
            (MemoryValueKind.Signed, 4) => (int)UInt32(value),
            (MemoryValueKind.Signed, 8) => (long)UInt64(value),
            (MemoryValueKind.Float, 4) => BitConverter.UInt32BitsToSingle(UInt32(value)),
            (MemoryValueKind.Float, 8) => BitConverter.UInt64BitsToDouble(UInt64(value)),
            (MemoryValueKind.Pointer, 4) => (ulong)UInt32(value),
            (MemoryValueKind.Pointer, 8) => UInt64(value),
            (MemoryValueKind.Character, 1) => (char)value[0],
            (MemoryValueKind.Character, 2) => (char)UInt16(value),
            (MemoryValueKind.Boolean, _) => value[0] != 0,
            (MemoryValueKind.Unsigned or MemoryValueKind.Signed, 16) =>
                new BigInteger(value, isUnsigned: Type.Kind == MemoryValueKind.Unsigned, isBigEndian: !_isLittle),
            _ => throw new InvalidOperationException($"{Type} has no values of {Size} bytes."),
        };

        ushort UInt16(ReadOnlySpan<byte> b) =>
            _isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(b) : BinaryPrimitives.ReadUInt16BigEndian(b);

        uint UInt32(ReadOnlySpan<byte> b) =>
            _isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(b) : BinaryPrimitives.ReadUInt32BigEndian(b);

        ulong UInt64(ReadOnlySpan<byte> b) =>
            _isLittle ? BinaryPrimitives.ReadUInt64LittleEndian(b) : BinaryPrimitives.ReadUInt64BigEndian(b);
    }

    /// <summary>
    /// The bytes that stand for a value in memory. Numbers of any type are taken as long as nothing of them is lost (floating point is
    /// rounded to the nearest), and text: decimal digits, <c>0x</c> and hexadecimal digits (the bits, also of signed types), a
    /// character, <c>true</c> and <c>false</c>.
    /// </summary>
    /// <exception cref="ElfMmuException"><c>ValueInvalid</c>: it can't be a value of this type.</exception>
    public byte[] Encode(object? value)
    {
        byte[] bytes = new byte[Size];
        switch (Type.Kind)
        {
            case MemoryValueKind.Float:
                EncodeReal(value, bytes);
                break;
            case MemoryValueKind.Boolean:
                bytes[0] = value switch
                {
                    bool yes => yes,
                    string text when bool.TryParse(text, out bool yes) => yes,
                    _ => !Integer(value).IsZero,
                } ? (byte)1 : (byte)0;
                break;
            case MemoryValueKind.Character when value is string { Length: 1 } text:
                EncodeInteger(text[0], value, bytes);
                break;
            default:
                EncodeInteger(Integer(value), value, bytes);
                break;
        }

        return bytes;
    }

    /// <summary>
    /// A value as text that doesn't depend on the culture: addresses in hexadecimal and as wide as they are, characters without
    /// controls.
    /// </summary>
    /// <param name="value">A value that <see cref="Decode"/> gave.</param>
    public string Format(object value) => value switch
    {
        ulong address when Type.Kind == MemoryValueKind.Pointer => "0x" + address.ToString("x" + (Size * 2), CultureInfo.InvariantCulture),
        bool yes => yes ? "true" : "false",
        char c => char.IsControl(c) || char.IsSurrogate(c) ? string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}") : c.ToString(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private void EncodeInteger(BigInteger number, object? value, byte[] bytes)
    {
        int bits = Size * 8;
        bool isSigned = Type.Kind == MemoryValueKind.Signed;
        BigInteger least = isSigned ? -(BigInteger.One << (bits - 1)) : 0;
        BigInteger most = (BigInteger.One << (isSigned ? bits - 1 : bits)) - 1;

        // Hexadecimal text says bits: 0xffffffff is -1 as an i32.
        if (isSigned && number > most && number < BigInteger.One << bits && IsHexadecimal(value))
        {
            number -= BigInteger.One << bits;
        }

        if (number < least || number > most)
        {
            throw Invalid(value, $"the values of {Type} go from {least} to {most}");
        }

        // What is written is the low end of the number; the sign fills the rest.
        bytes.AsSpan().Fill(number.Sign < 0 ? (byte)0xff : (byte)0);
        Span<byte> room = stackalloc byte[17];
        number.TryWriteBytes(room, out int written);
        room[..Math.Min(written, Size)].CopyTo(bytes);
        if (!_isLittle)
        {
            Array.Reverse(bytes);
        }
    }

    private void EncodeReal(object? value, byte[] bytes)
    {
        double number = value switch
        {
            float real => real,
            double real => real,
            decimal exact => (double)exact,
            string text when !IsHexadecimal(text) => double.TryParse(
                text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed) ? parsed
                : throw Invalid(value, "write a number such as 1.5, -2e10, NaN or Infinity"),
            _ => (double)Integer(value),
        };
        if (Size == 4)
        {
            float narrow = (float)number;
            if (float.IsInfinity(narrow) && !double.IsInfinity(number))
            {
                throw Invalid(value, $"the values of {Type} go from {float.MinValue:R} to {float.MaxValue:R}");
            }

            Write(BitConverter.SingleToUInt32Bits(narrow));
        }
        else
        {
            Write(BitConverter.DoubleToUInt64Bits(number));
        }

        void Write(ulong bits)
        {
            for (int i = 0; i < Size; i++)
            {
                bytes[_isLittle ? i : Size - 1 - i] = (byte)(bits >> (8 * i));
            }
        }
    }

    private BigInteger Integer(object? value) => value switch
    {
        BigInteger number => number,
        byte or sbyte or short or ushort or int or uint or long => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        ulong number => number,
        Int128 number => number,
        UInt128 number => number,
        char c => c,
        bool yes => yes ? 1 : 0,
        decimal number when decimal.Truncate(number) == number => new BigInteger(number),
        double number when double.IsInteger(number) => new BigInteger(number),
        float number when float.IsInteger(number) => new BigInteger(number),
        string text => Integer(text),
        _ => throw Invalid(value, "give a whole number, or text that is one"),
    };

    private BigInteger Integer(string text)
    {
        string digits = text.Trim().Replace("_", "", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal);
        return IsHexadecimal(digits)
            ? BigInteger.TryParse("0" + digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out BigInteger number)
                && digits.Length > 2 ? number : throw Bad()
            : BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) ? number : throw Bad();

        ElfMmuException Bad() => Invalid(text, "write decimal digits, or 0x and hexadecimal digits");
    }

    private static bool IsHexadecimal(object? value) =>
        value is string text && text.AsSpan().Trim().StartsWith("0x", StringComparison.OrdinalIgnoreCase);

    private ElfMmuException Invalid(object? value, string what) => new(
        "ValueInvalid",
        ErrorKind.InvalidArgument,
        string.Create(CultureInfo.InvariantCulture, $"'{value}' isn't a value of the type {Type}: {what}."));
}
