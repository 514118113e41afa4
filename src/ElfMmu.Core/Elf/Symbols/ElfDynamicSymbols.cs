using System.Buffers.Binary;
using ElfMmu.Elf.Dynamic;

namespace ElfMmu.Elf.Symbols;

/// <summary>Reads the symbols for the loader by the addresses in the dynamic section, which doesn't say how many there are.</summary>
internal static class ElfDynamicSymbols
{
    public static ElfSymbolTable? Read(ElfFile file, ElfDynamicTable dynamic)
    {
        if (dynamic.Find(ElfDynamicTags.Symbols) is not { } address)
        {
            return null;
        }

        ulong size = (ulong)ElfSymbolTable.EntrySize(file.Header.Class);
        if (!dynamic.TryLocate(address, out ulong offset, out ulong available, zeros: (int)size))
        {
            file.Diagnostics.Add("DynamicSymbolsOutside",
                $"DT_SYMTAB is 0x{address:x}, which no segment has; the dynamic symbols were left out.");
            return null;
        }

        if (dynamic.Find(ElfDynamicTags.SymbolSize) is { } stated && stated != size)
        {
            file.Diagnostics.Add("SymbolTableEntrySize",
                $"DT_SYMENT is {stated}, and a symbol has {size} bytes; {size} are used.", offset);
        }

        ulong most = available / size;
        ulong count = Count(file, dynamic) ?? Bound(dynamic, offset, available) / size;
        if (count > most)
        {
            file.Diagnostics.Add("DynamicSymbolsCut",
                $"There ought to be {count} dynamic symbols at 0x{offset:x}, and their segment ends after {most}; those were read.", offset);
            count = most;
        }

        byte[] bytes = file.Read(offset, count * size, () => "The table of dynamic symbols");
        byte[] numbers = dynamic.Find(ElfDynamicTags.SymbolSections) is { } table && dynamic.TryLocate(table, out ulong at, out ulong left)
            ? file.Read(at, Math.Min(count * 4, left), () => "The table of symbols' sections")
            : [];
        return new ElfSymbolTable(file, ".dynsym", null, offset, bytes, dynamic.Strings, numbers, Versions(file, dynamic, count)) { IsDynamic = true };
    }

    /// <summary>How many symbols the hash tables know of: all, by DT_HASH; up to the last one that can be found, by DT_GNU_HASH.</summary>
    private static ulong? Count(ElfFile file, ElfDynamicTable dynamic)
    {
        bool wide = HasWideHash(file.Header);
        Span<byte> header = stackalloc byte[16];
        if (dynamic.Find(ElfDynamicTags.Hash) is { } hash && dynamic.TryLocate(hash, out ulong offset, out ulong available) && available >= (wide ? 16u : 8u))
        {
            file.Input.Read(offset, header[..(wide ? 16 : 8)]);
            return wide ? Double(header[8..], file) : Word(header[4..], file);
        }

        if (dynamic.Find(ElfDynamicTags.GnuHash) is not { } gnu || !dynamic.TryLocate(gnu, out offset, out available) || available < 16)
        {
            return null;
        }

        file.Input.Read(offset, header);
        uint buckets = Word(header, file);
        uint first = Word(header[4..], file);
        ulong at = 16 + (Word(header[8..], file) * (file.Header.Class == ElfClass.Elf64 ? 8ul : 4));
        if (at > available || buckets > (available - at) / 4)
        {
            return null;
        }

        byte[] heads = file.Read(offset + at, buckets * 4ul, () => "The buckets of DT_GNU_HASH");
        uint last = 0;
        for (int i = 0; i < heads.Length; i += 4)
        {
            last = Math.Max(last, Word(heads.AsSpan(i), file));
        }

        if (last < first || last == 0)
        {
            return null;
        }

        // The chain of the highest bucket is the last one; its last word is odd. What isn't there ends it, too.
        ulong chain = at + (buckets * 4ul) + ((last - first) * 4ul);
        Span<byte> chunk = stackalloc byte[1024];
        for (ulong count = last; chain < available; chain += (ulong)chunk.Length)
        {
            Span<byte> words = chunk[..(int)Math.Min((ulong)chunk.Length, (available - chain) & ~3ul)];
            file.Input.Read(offset + chain, words);
            for (int i = 0; i < words.Length; i += 4)
            {
                count++;
                if ((Word(words[i..], file) & 1) != 0)
                {
                    return count;
                }
            }
        }

        return null;
    }

    /// <summary>
    /// Without a hash table: up to the next thing that the dynamic section has an address of, which is the table of names in files of all
    /// linkers; or else up to the end of the segment.
    /// </summary>
    private static ulong Bound(ElfDynamicTable dynamic, ulong offset, ulong available)
    {
        ulong bound = available;
        for (int i = 0; i < dynamic.Count; i++)
        {
            (ulong tag, ulong value) = dynamic[i];
            bool isAddress = tag is 3 or 4 or 5 or 7 or 12 or 13 or 17 or 23 or 25 or 26 or 32 or 34 or 36
                or ElfDynamicTags.GnuHash or ElfDynamicTags.SymbolVersions or ElfDynamicTags.VersionDefinitions or ElfDynamicTags.VersionNeeds;
            if (isAddress && dynamic.TryLocate(value, out ulong other, out _, tag == ElfDynamicTags.Strings ? 1 : 0) && other > offset)
            {
                bound = Math.Min(bound, other - offset);
            }
        }

        return bound;
    }

    private static ElfSymbolVersions? Versions(ElfFile file, ElfDynamicTable dynamic, ulong count)
    {
        if (dynamic.Find(ElfDynamicTags.SymbolVersions) is not { } address || !dynamic.TryLocate(address, out ulong offset, out ulong available))
        {
            return null;
        }

        byte[] entries = file.Read(offset, Math.Min(count * 2, available), () => "The table of symbols' versions");
        return new ElfSymbolVersions(
            file.Header.Data == ElfData.BigEndian,
            entries,
            Reader(ElfDynamicTags.VersionDefinitions, ElfDynamicTags.VersionDefinitionCount) is var (definitions, defined) ? definitions.Definitions(defined) : [],
            Reader(ElfDynamicTags.VersionNeeds, ElfDynamicTags.VersionNeedCount) is var (needs, needed) ? needs.Needs(needed) : []);

        (ElfVersionReader Reader, ulong Count)? Reader(ulong tag, ulong countTag)
        {
            // They end where their chain does; a megabyte has room for more than any library defines.
            const ulong Most = 1 << 20;
            return dynamic.Find(tag) is { } at && dynamic.TryLocate(at, out ulong start, out ulong left)
                ? (new ElfVersionReader(file, file.Read(start, Math.Min(left, Most), () => "The table of versions"), start, dynamic.Strings, null),
                    dynamic.Find(countTag) ?? ulong.MaxValue)
                : null;
        }
    }

    /// <summary>Whether DT_HASH has words of 8 bytes, as the supplements of Alpha and of 64-bit S/390 have it.</summary>
    internal static bool HasWideHash(ElfHeader header) =>
        header.Machine == ElfMachine.Alpha || (header.Machine == ElfMachine.S390 && header.Class == ElfClass.Elf64);

    private static uint Word(ReadOnlySpan<byte> bytes, ElfFile file) =>
        file.Header.Data == ElfData.BigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static ulong Double(ReadOnlySpan<byte> bytes, ElfFile file) =>
        file.Header.Data == ElfData.BigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
