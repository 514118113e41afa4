using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace ElfMmu.Elf;

/// <summary>Writes a record's fields one after the other.</summary>
internal ref struct ElfFieldWriter(Span<byte> destination, ElfClass elfClass, ElfData data) : IElfFields
{
    private readonly bool _big = data == ElfData.BigEndian;
    private Span<byte> _rest = destination;

    public readonly bool Is64 => elfClass == ElfClass.Elf64;

    public void Byte(ref byte value)
    {
        _rest[0] = value;
        _rest = _rest[1..];
    }

    public void Half(ref ushort value)
    {
        if (_big)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_rest, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_rest, value);
        }

        _rest = _rest[2..];
    }

    public void Word(ref uint value)
    {
        if (_big)
        {
            BinaryPrimitives.WriteUInt32BigEndian(_rest, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_rest, value);
        }

        _rest = _rest[4..];
    }

    public void Native(ref ulong value, string name)
    {
        if (!Is64)
        {
            if (value > uint.MaxValue)
            {
                ThrowTooLarge(name, value);
            }

            var word = (uint)value;
            Word(ref word);
            return;
        }

        if (_big)
        {
            BinaryPrimitives.WriteUInt64BigEndian(_rest, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_rest, value);
        }

        _rest = _rest[8..];
    }

    [DoesNotReturn]
    private static void ThrowTooLarge(string name, ulong value) => throw new ElfMmuException(
        "ElfValueTooLarge",
        ErrorKind.InvalidArgument,
        $"{name} is 0x{value:x}, and a 32-bit ELF file holds at most 0xffffffff there; write a 64-bit one.");
}
