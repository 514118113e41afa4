using System.Buffers.Binary;

namespace ElfMmu.Elf.Sections;

/// <summary>Reads what stands before a compressed content.</summary>
internal static class ElfCompressions
{
    private const int OldHeaderSize = 12;

    /// <summary>What a section says of its compression; null where it isn't compressed, or too small to say.</summary>
    public static ElfCompression? Read(ElfFile file, int index)
    {
        ElfSectionHeader header = file.SectionHeaders[index];
        bool isNew = (header.Flags & ElfSectionFlags.Compressed) != 0 && header.Type != ElfSectionTypes.NoBits;
        if (!isNew && (header.Type != ElfSectionTypes.ProgBits || !file.SectionName(index).StartsWith(".zdebug", StringComparison.Ordinal)))
        {
            return null;
        }

        int size = !isNew ? OldHeaderSize : file.Header.Class == ElfClass.Elf64 ? 24 : 12;
        if (header.Size < (ulong)size || header.Offset > file.Input.Length || (ulong)size > file.Input.Length - header.Offset)
        {
            if (isNew)
            {
                file.Diagnostics.Add("CompressionHeaderMissing",
                    $"Section {index} ('{file.SectionName(index)}') is marked as compressed, and its 0x{header.Size:x} bytes at offset " +
                    $"0x{header.Offset:x} have no room for the {size} bytes that say how.",
                    header.Offset, index);
            }

            return null;
        }

        Span<byte> bytes = stackalloc byte[24];
        bytes = bytes[..size];
        file.Input.Read(header.Offset, bytes);
        if (!isNew)
        {
            return bytes.StartsWith("ZLIB"u8)
                ? new ElfCompression(ElfCompression.Zlib, BinaryPrimitives.ReadUInt64BigEndian(bytes[4..]), 0, size, isOld: true)
                : null;
        }

        var record = default(ElfCompressionHeaderRecord);
        var fields = new ElfFieldReader(bytes, file.Header.Class, file.Header.Data);
        ElfRecords.CompressionHeader(ref fields, ref record);
        return new ElfCompression(record.Type, record.Size, record.Alignment, size, isOld: false);
    }
}
