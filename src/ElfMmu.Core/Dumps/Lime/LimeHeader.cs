using System.Buffers.Binary;

namespace ElfMmu.Dumps;

/// <summary>
/// The header before each range of a LiME file: magic, version, first and last address, 8 bytes of nothing. LiME writes it in the byte
/// order of its machine. AVML's packed blocks have the same with a magic and a version of their own, always with the lowest byte first.
/// </summary>
/// <param name="IsPacked">Whether a snappy stream and its length follow, as AVML writes them, and not the bytes themselves.</param>
/// <param name="Order">The byte order of its numbers.</param>
/// <param name="Start">The first physical address.</param>
/// <param name="Last">The last physical address.</param>
/// <param name="Reserved">What stands where nothing should.</param>
internal readonly record struct LimeHeader(bool IsPacked, ByteOrder Order, ulong Start, ulong Last, ulong Reserved)
{
    /// <summary>Its length in bytes.</summary>
    public const int Size = 32;

    /// <summary>The first bytes of a packed block: magic and version.</summary>
    public static ReadOnlySpan<byte> PackedMagic => "AVML\u0002\0\0\0"u8;

    private static ReadOnlySpan<byte> LittleMagic => "EMiL\u0001\0\0\0"u8;

    private static ReadOnlySpan<byte> BigMagic => "LiME\0\0\0\u0001"u8;

    /// <summary>How many bytes of memory it promises; 0 where it contradicts itself.</summary>
    public ulong Length => Start <= Last ? Last - Start + 1 : 0;

    /// <summary>Whether bytes start like a header of whatever kind.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) =>
        head.StartsWith(LittleMagic) || head.StartsWith(BigMagic) || head.StartsWith(PackedMagic);

    /// <summary>Reads a header, <see cref="Size"/> bytes.</summary>
    /// <returns>False when it isn't one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out LimeHeader header)
    {
        bool isBig = bytes.StartsWith(BigMagic);
        header = new LimeHeader(
            bytes.StartsWith(PackedMagic),
            isBig ? ByteOrder.Big : ByteOrder.Little,
            Number(bytes[8..], isBig),
            Number(bytes[16..], isBig),
            Number(bytes[24..], isBig));
        return Matches(bytes);
    }

    private static ulong Number(ReadOnlySpan<byte> bytes, bool isBig) =>
        isBig ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
