using System.IO.Compression;
using ElfMmu.Memory;
using ElfMmu.Packing;

namespace ElfMmu.Dumps;

/// <summary>What a thread needs to decompress pages, used again for each of them.</summary>
internal sealed unsafe class KdumpUnpacker
{
    private ZstandardDecoder? _zstandard;
    private byte[] _packed = [];

    /// <summary>The packed bytes of a page, in place where they can be had so, until the next call.</summary>
    /// <param name="file">The file.</param>
    /// <param name="page">The page, which is in the file and isn't larger than unpacked.</param>
    public ReadOnlySpan<byte> Bytes(DataSource file, KdumpDescriptor page)
    {
        int size = (int)page.Size;
        byte* pointer = file.Pointer;
        if (pointer != null)
        {
            return new ReadOnlySpan<byte>(pointer + page.Offset, size);
        }

        if (_packed.Length < size)
        {
            _packed = GC.AllocateUninitializedArray<byte>(size);
        }

        file.Read(page.Offset, _packed.AsSpan(0, size));
        return _packed.AsSpan(0, size);
    }

    /// <summary>Decompresses a page.</summary>
    /// <param name="compression">What it is compressed with.</param>
    /// <param name="packed">The packed bytes.</param>
    /// <param name="destination">Takes what comes out.</param>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? Unpack(uint compression, ReadOnlySpan<byte> packed, Span<byte> destination)
    {
        switch (compression)
        {
            case KdumpHeader.Zlib:
                return Inflate(packed, destination) ? null : "its zlib stream is damaged";
            case KdumpHeader.Lzo:
                return LzoDecoder.Decode(packed, destination) == destination.Length ? null : "its LZO stream is damaged";
            case KdumpHeader.Snappy:
                return SnappyDecoder.TryDecode(packed, destination) ? null : "its snappy block is damaged";
            case KdumpHeader.Zstandard:
                return (_zstandard ??= new ZstandardDecoder(0)).TryDecode(packed, destination) ? null : "its Zstandard frame is damaged";
            default:
                return $"it claims several compressions at once (0x{compression:x})";
        }
    }

    /// <summary>Decompresses exactly a page; the byte behind it is asked for because the checksum stands there.</summary>
    private static bool Inflate(ReadOnlySpan<byte> packed, Span<byte> destination)
    {
        if (packed.IsEmpty)
        {
            return false;
        }

        fixed (byte* pointer = packed)
        {
            try
            {
                using var stream = new ZLibStream(new UnmanagedMemoryStream(pointer, packed.Length), CompressionMode.Decompress);
                return stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) == destination.Length && stream.ReadByte() < 0;
            }
            catch (InvalidDataException)
            {
                return false;
            }
        }
    }
}
