using System.Buffers.Binary;

namespace ElfMmu.Elf;

/// <summary>Reads a record's fields one after the other.</summary>
internal ref struct ElfFieldReader(ReadOnlySpan<byte> source, ElfClass elfClass, ElfData data) : IElfFields
{
    private readonly bool _big = data == ElfData.BigEndian;
    private ReadOnlySpan<byte> _rest = source;

    public readonly bool Is64 => elfClass == ElfClass.Elf64;

    public void Byte(ref byte value)
    {
        value = _rest[0];
        _rest = _rest[1..];
    }

    public void Half(ref ushort value)
    {
        value = _big ? BinaryPrimitives.ReadUInt16BigEndian(_rest) : BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        _rest = _rest[2..];
    }

    public void Word(ref uint value)
    {
        value = _big ? BinaryPrimitives.ReadUInt32BigEndian(_rest) : BinaryPrimitives.ReadUInt32LittleEndian(_rest);
        _rest = _rest[4..];
    }

    public void Native(ref ulong value, string name)
    {
        if (!Is64)
        {
            var word = 0u;
            Word(ref word);
            value = word;
            return;
        }

        value = _big ? BinaryPrimitives.ReadUInt64BigEndian(_rest) : BinaryPrimitives.ReadUInt64LittleEndian(_rest);
        _rest = _rest[8..];
    }
}
