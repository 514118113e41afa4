using System.Buffers.Binary;

namespace ElfMmu.Elf.Relocations;

/// <summary>Reads the entries of a table of relocations in pieces, so that a table of any size takes little memory. O(entries).</summary>
internal static class RelocationReader
{
    private const int ChunkSize = 48 * 1024;

    /// <summary>Bytes of an entry.</summary>
    /// <param name="format">What the table holds.</param>
    /// <param name="elfClass">The file's class.</param>
    public static uint EntrySize(ElfRelocationFormat format, ElfClass elfClass) => (elfClass == ElfClass.Elf64 ? 8u : 4u) * format switch
    {
        ElfRelocationFormat.Rel => 2u,
        ElfRelocationFormat.Rela => 3u,
        _ => 1u,
    };

    /// <summary>All entries of a table; a last one that isn't whole is left out.</summary>
    /// <param name="file">The file.</param>
    /// <param name="table">The table, which is wholly in the file.</param>
    public static IEnumerable<ElfRelocation> Read(ElfFile file, RelocationTable table) =>
        table.Format == ElfRelocationFormat.Relr ? ReadBitmaps(file, table) : ReadEntries(file, table);

    private static IEnumerable<ElfRelocation> ReadEntries(ElfFile file, RelocationTable table)
    {
        bool is64 = file.Header.Class == ElfClass.Elf64;
        int step = is64 ? 8 : 4;
        ulong index = 0;
        foreach ((byte[] buffer, int length) in Chunks(file, table))
        {
            int entry = (int)EntrySize(table.Format, file.Header.Class);
            for (int at = 0; at < length; at += entry)
            {
                ulong offset = Word(buffer, at, file.Header);
                var info = new RelocationInfo(Word(buffer, at + step, file.Header), file.Header);
                long? addend = table.Format == ElfRelocationFormat.Rel ? null
                    : is64 ? (long)Word(buffer, at + step + step, file.Header)
                    : (int)Word(buffer, at + step + step, file.Header);
                yield return new ElfRelocation(file, table, index++, offset, info, addend);
            }
        }
    }

    // gABI, "Relocation": an even word is a place, and the next bitmap is about the places behind it; an odd one is a bitmap whose bits 1 and
    // up are for the following words.
    private static IEnumerable<ElfRelocation> ReadBitmaps(ElfFile file, RelocationTable table)
    {
        bool is64 = file.Header.Class == ElfClass.Elf64;
        ulong step = is64 ? 8ul : 4;
        ulong mask = is64 ? ulong.MaxValue : uint.MaxValue;
        var info = new RelocationInfo(ElfRelocationTypes.Relative(file.Header.Machine, file.Header.OsAbi) ?? 0);
        ulong next = 0, index = 0;
        foreach ((byte[] buffer, int length) in Chunks(file, table))
        {
            for (int at = 0; at < length; at += (int)step)
            {
                ulong word = Word(buffer, at, file.Header);
                if ((word & 1) == 0)
                {
                    yield return new ElfRelocation(file, table, index++, word, info, null);
                    next = (word + step) & mask;
                    continue;
                }

                ulong place = next;
                for (ulong bits = word >> 1; bits != 0; bits >>= 1, place += step)
                {
                    if ((bits & 1) != 0)
                    {
                        yield return new ElfRelocation(file, table, index++, place & mask, info, null);
                    }
                }

                next = (next + (step * ((8 * step) - 1))) & mask;
            }
        }
    }

    private static IEnumerable<(byte[] Buffer, int Length)> Chunks(ElfFile file, RelocationTable table)
    {
        // A multiple of every entry's size.
        uint entry = EntrySize(table.Format, file.Header.Class);
        ulong size = table.Size - (table.Size % entry);
        byte[] buffer = new byte[Math.Min(size, ChunkSize)];
        for (ulong at = 0; at < size; at += (ulong)buffer.Length)
        {
            int length = (int)Math.Min((ulong)buffer.Length, size - at);
            file.Input.Read(table.Start + at, buffer.AsSpan(0, length));
            yield return (buffer, length);
        }
    }

    private static ulong Word(byte[] buffer, int at, ElfHeader header) => (header.Class, header.Data) switch
    {
        (ElfClass.Elf64, ElfData.BigEndian) => BinaryPrimitives.ReadUInt64BigEndian(buffer.AsSpan(at)),
        (ElfClass.Elf64, _) => BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(at)),
        (_, ElfData.BigEndian) => BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(at)),
        _ => BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(at)),
    };
}
