using System.Buffers.Binary;

namespace ElfMmu.Dumps;

/// <summary>The numbers of a kdump-compressed header, in its byte order; behind its end there are zeros.</summary>
internal readonly ref struct KdumpFields(ReadOnlySpan<byte> bytes, bool isBigEndian)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public uint Word(int offset) =>
        offset > _bytes.Length - 4 ? 0
        : isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(_bytes[offset..])
        : BinaryPrimitives.ReadUInt32LittleEndian(_bytes[offset..]);

    public ulong Long(int offset) =>
        offset > _bytes.Length - 8 ? 0
        : isBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(_bytes[offset..])
        : BinaryPrimitives.ReadUInt64LittleEndian(_bytes[offset..]);

    /// <summary>A number as wide as the machine's words.</summary>
    public ulong Native(int offset, int wordSize) => wordSize == 64 ? Long(offset) : Word(offset);
}
