using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace ElfMmu.Packing;

/// <summary>
/// A chunk of snappy's framing format: a type, 24 bits of length and that many bytes; those that hold data start with a checksum of it. See
/// framing_format.txt in snappy's source.
/// </summary>
/// <param name="Type">The chunk's type.</param>
/// <param name="Size">How many bytes stand behind the type and the length.</param>
internal readonly record struct SnappyChunk(byte Type, int Size)
{
    /// <summary>The bytes of type and length.</summary>
    public const int HeaderSize = 4;

    /// <summary>The bytes that <see cref="TryMeasure"/> looks at, where the chunk is that long.</summary>
    public const int MeasureSize = HeaderSize + ChecksumSize + 5;

    /// <summary>The most bytes that a chunk unpacks to.</summary>
    public const int MostUnpacked = 65536;

    private const int ChecksumSize = 4;
    private const byte Compressed = 0;
    private const byte Stored = 1;
    private const byte FirstSkippable = 0x80;
    private const byte Identifier = 0xff;

    /// <summary>A stream's first chunk.</summary>
    public static ReadOnlySpan<byte> StreamStart => [Identifier, 6, 0, 0, (byte)'s', (byte)'N', (byte)'a', (byte)'P', (byte)'p', (byte)'Y'];

    /// <summary>Reads the header of a chunk, at least <see cref="HeaderSize"/> bytes.</summary>
    public static SnappyChunk Read(ReadOnlySpan<byte> head)
    {
        uint value = BinaryPrimitives.ReadUInt32LittleEndian(head);
        return new SnappyChunk((byte)value, (int)(value >> 8));
    }

    /// <summary>How many bytes it unpacks to, without unpacking it. O(1).</summary>
    /// <param name="head">The chunk's first bytes with its header, as many as <see cref="MeasureSize"/> where it has them.</param>
    /// <param name="unpacked">The bytes; 0 for a chunk that holds none.</param>
    /// <param name="reason">What is wrong with it; null when nothing is.</param>
    public bool TryMeasure(ReadOnlySpan<byte> head, out int unpacked, out string? reason)
    {
        unpacked = 0;
        reason = null;
        if (Type is Compressed or Stored)
        {
            uint size = (uint)Math.Max(0, Size - ChecksumSize);
            if (Size < ChecksumSize
                || (Type == Compressed && !SnappyDecoder.TryReadLength(head[(HeaderSize + ChecksumSize)..Math.Min(head.Length, HeaderSize + Size)], out size, out _))
                || size > MostUnpacked)
            {
                reason = "the length of a snappy chunk can't be";
                return false;
            }

            unpacked = (int)size;
            return true;
        }

        if (Type == Identifier ? !head.StartsWith(StreamStart) : Type < FirstSkippable)
        {
            reason = $"there is no snappy chunk of type 0x{Type:x2} with {Size} bytes";
            return false;
        }

        return true;
    }

    /// <summary>Unpacks it, and checks what comes out against its checksum.</summary>
    /// <param name="body">What stands behind its header, all of it.</param>
    /// <param name="destination">Takes what comes out, which is exactly as long.</param>
    /// <returns>What is wrong with it, in words; null when nothing is.</returns>
    public string? Unpack(ReadOnlySpan<byte> body, Span<byte> destination)
    {
        if (Type > Stored || body.Length < ChecksumSize)
        {
            return "it isn't a snappy chunk with data";
        }

        ReadOnlySpan<byte> packed = body[ChecksumSize..];
        if (Type == Stored && packed.Length == destination.Length)
        {
            packed.CopyTo(destination);
        }
        else if (Type == Stored || !SnappyDecoder.TryDecode(packed, destination))
        {
            return "a snappy chunk can't be unpacked";
        }

        return MaskedChecksum(destination) == BinaryPrimitives.ReadUInt32LittleEndian(body)
            ? null
            : "the checksum of a snappy chunk doesn't agree";
    }

    /// <summary>CRC-32C, turned and moved on as the format has it, so that checksums of checksums stay good.</summary>
    public static uint MaskedChecksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (byte b in bytes[(bytes.Length & ~7)..])
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8;
    }
}
