using System.Buffers.Binary;

namespace ElfMmu.Packing;

/// <summary>The header of a Zstandard frame, behind its magic number (RFC 8878, 3.1.1.1).</summary>
/// <param name="HeaderSize">Its length in bytes.</param>
/// <param name="HasChecksum">Whether four bytes of a checksum follow the last block.</param>
/// <param name="Window">How far back matches may reach, in bytes.</param>
internal readonly record struct ZstandardFrame(int HeaderSize, bool HasChecksum, ulong Window)
{
    /// <summary>The most bytes that a header has.</summary>
    public const int MostHeaderSize = 14;

    /// <summary>Reads a header.</summary>
    /// <param name="source">Where it starts; null comes back where it doesn't reach to its end.</param>
    /// <exception cref="InvalidDataException">It needs a dictionary, or something that isn't known.</exception>
    public static ZstandardFrame? Read(ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty)
        {
            return null;
        }

        byte descriptor = source[0];
        bool isSingle = (descriptor & 0x20) != 0;
        int dictionary = (descriptor & 3) switch { 0 => 0, 1 => 1, 2 => 2, _ => 4 };
        int content = (descriptor >> 6) switch { 0 => isSingle ? 1 : 0, 1 => 2, 2 => 4, _ => 8 };
        int before = 1 + (isSingle ? 0 : 1);
        int size = before + dictionary + content;
        if (source.Length < size)
        {
            return null;
        }

        if ((descriptor & 8) != 0 || source.Slice(before, dictionary).ContainsAnyExcept((byte)0))
        {
            throw new InvalidDataException("it needs a dictionary, or what isn't known");
        }

        ulong window;
        if (isSingle)
        {
            ReadOnlySpan<byte> length = source.Slice(before + dictionary, content);
            window = content switch
            {
                1 => length[0],
                2 => BinaryPrimitives.ReadUInt16LittleEndian(length) + 256u,
                4 => BinaryPrimitives.ReadUInt32LittleEndian(length),
                _ => BinaryPrimitives.ReadUInt64LittleEndian(length),
            };
        }
        else
        {
            ulong power = 1UL << (10 + (source[1] >> 3));
            window = power + (power / 8 * (source[1] & 7u));
        }

        return new ZstandardFrame(size, (descriptor & 4) != 0, window);
    }
}
