using System.Buffers.Binary;

namespace ElfMmu.Elf.Writing;

/// <summary>Turns the relocations of a model into a table and back (gABI, "Relocation"). O(relocations).</summary>
internal static class ElfRelocationCode
{
    public static int EntrySize(ElfClass elfClass, bool withAddend) => (elfClass == ElfClass.Elf64 ? 8 : 4) * (withAddend ? 3 : 2);

    public static byte[] Encode(
        List<ElfModelRelocation> relocations, ElfClass elfClass, ElfData data, ElfMachine machine, bool withAddend,
        IReadOnlyDictionary<ElfModelSymbol, uint> symbols)
    {
        var words = new ElfWords(elfClass, data);
        int size = EntrySize(elfClass, withAddend);
        byte[] table = new byte[checked(relocations.Count * size)];
        for (int i = 0; i < relocations.Count; i++)
        {
            ElfModelRelocation relocation = relocations[i];
            uint symbol = 0;
            if (relocation.Symbol is not null && !symbols.TryGetValue(relocation.Symbol, out symbol))
            {
                throw new ElfMmuException("ElfModelInvalid", ErrorKind.InvalidArgument,
                    $"A relocation of section '{relocation.Section.Name}' at 0x{relocation.Offset:x} is against symbol '{relocation.Symbol.Name}', " +
                    "which isn't one of the model's; add it to Symbols.");
            }

            Span<byte> at = table.AsSpan(i * size, size);
            words.Native(at, relocation.Offset, "r_offset");
            long addend = relocation.Addend ?? 0;
            if (words.Is64)
            {
                if (machine.IsMips())
                {
                    // r_sym is a word; r_ssym and the three types are single bytes behind it, in either byte order.
                    words.Word(at[8..], symbol);
                    BinaryPrimitives.WriteUInt32BigEndian(at[12..], relocation.Type);
                }
                else
                {
                    words.Native(at[8..], ((ulong)symbol << 32) | relocation.Type, "r_info");
                }

                if (withAddend)
                {
                    words.Native(at[16..], (ulong)addend, "r_addend");
                }
            }
            else
            {
                if (symbol > 0xffffff || relocation.Type > 0xff || addend is < int.MinValue or > uint.MaxValue)
                {
                    throw new ElfMmuException("ElfValueTooLarge", ErrorKind.InvalidArgument,
                        $"A relocation of section '{relocation.Section.Name}' at 0x{relocation.Offset:x} has symbol {symbol}, type {relocation.Type} and " +
                        $"addend {addend}, and a 32-bit ELF file holds at most 16777215, 255 and 32 bits there; write a 64-bit one.");
                }

                words.Word(at[4..], (symbol << 8) | relocation.Type);
                if (withAddend)
                {
                    words.Word(at[8..], (uint)addend);
                }
            }
        }

        return table;
    }

    /// <summary>The relocations of a table; null if one is against a symbol there isn't.</summary>
    public static List<ElfModelRelocation>? Decode(
        ReadOnlySpan<byte> table, ElfClass elfClass, ElfData data, ElfMachine machine, bool withAddend, ElfModelSection target,
        List<ElfModelSymbol> symbols)
    {
        var words = new ElfWords(elfClass, data);
        int size = EntrySize(elfClass, withAddend);
        var relocations = new List<ElfModelRelocation>(table.Length / size);
        for (; table.Length >= size; table = table[size..])
        {
            (uint symbol, uint type) = !words.Is64 ? (words.Word(table[4..]) >> 8, words.Word(table[4..]) & 0xff)
                : machine.IsMips() ? (words.Word(table[8..]), BinaryPrimitives.ReadUInt32BigEndian(table[12..]))
                : ((uint)(words.Long(table[8..]) >> 32), (uint)words.Long(table[8..]));
            if (symbol > (uint)symbols.Count)
            {
                return null;
            }

            long? addend = !withAddend ? null : words.Is64 ? (long)words.Long(table[16..]) : (int)words.Word(table[8..]);
            relocations.Add(new ElfModelRelocation(
                target, words.Native(table), type, symbol == 0 ? null : symbols[(int)symbol - 1], addend));
        }

        return relocations;
    }
}
