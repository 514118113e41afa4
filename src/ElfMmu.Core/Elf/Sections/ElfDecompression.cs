using System.IO.Compression;
using ElfMmu.Packing;

namespace ElfMmu.Elf.Sections;

/// <summary>Decompresses the content of sections.</summary>
internal static class ElfDecompression
{
    private const int ChunkSize = 1 << 16;

    /// <summary>
    /// The content of a compressed section, as far as it can be decompressed, and no longer than the file says; null where it can't be at all.
    /// Memory grows with what comes out, not with what the file promises. O(size).
    /// </summary>
    public static byte[]? Decompress(ElfFile file, int section, ElfCompression compression, byte[] content, ReadBudget budget)
    {
        ulong wanted = Math.Min(compression.Size, ElfFile.MostBytes);
        if (!budget.TryTakeDecompressed(wanted, section))
        {
            return null;
        }

        int start = Math.Min(compression.HeaderSize, content.Length);
        switch (compression.Type)
        {
            case ElfCompression.Zlib:
                using (var source = new ZLibStream(new MemoryStream(content, start, content.Length - start), CompressionMode.Decompress))
                {
                    return Inflate(file, section, compression, source, wanted);
                }

            case ElfCompression.Zstandard:
                var decoder = new ZstandardDecoder((int)wanted);
                string? damage = null;
                try
                {
                    decoder.Decode(content.AsSpan(start));
                }
                catch (InvalidDataException e)
                {
                    damage = e.Message;
                }

                return Checked(file, section, compression, decoder.ToArray(), damage);
            default:
                Add(file, section, "CompressionUnknown", $"is compressed with {compression.TypeName}, which isn't known; its content was left out");
                return null;
        }
    }

    private static byte[] Inflate(ElfFile file, int section, ElfCompression compression, Stream source, ulong wanted)
    {
        using var result = new MemoryStream();
        byte[] chunk = new byte[ChunkSize];
        string? damage = null;
        try
        {
            while ((ulong)result.Length < wanted)
            {
                int read = source.Read(chunk, 0, (int)Math.Min((ulong)chunk.Length, wanted - (ulong)result.Length));
                if (read == 0)
                {
                    break;
                }

                result.Write(chunk, 0, read);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            damage = e.Message;
        }

        return Checked(file, section, compression, result.ToArray(), damage);
    }

    private static byte[] Checked(ElfFile file, int section, ElfCompression compression, byte[] result, string? damage)
    {
        if ((ulong)result.Length < compression.Size)
        {
            Add(file, section, "CompressedContentDamaged",
                $"should have 0x{compression.Size:x} bytes when it is decompressed, and 0x{result.Length:x} came out"
                + (damage == null ? "" : $" ({damage.TrimEnd('.')})"));
        }

        return result;
    }

    private static void Add(ElfFile file, int section, string id, string what) => file.Diagnostics.Add(
        id, $"Section {section} ('{file.SectionName(section)}') {what}.", file.SectionHeaders[section].Offset, section);
}
