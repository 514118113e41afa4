namespace ElfMmu.Elf.Writing;

/// <summary>
/// Turns the numbers of a section from one byte order into the other, in place: arrays by the widths of their fields, chains (versions, notes, the
/// GNU hash table) by following them. What a section has besides numbers stays as it is. Each byte is turned at most once, so that doing it
/// twice gives the old bytes, whatever the section says. O(bytes).
/// </summary>
internal static class ElfByteOrder
{
    /// <summary>Whether a section of this kind has numbers.</summary>
    public static bool Has(ElfModelSection section, ElfMachine machine, bool is64) =>
        (section.Flags & ElfSectionFlags.Compressed) != 0
        || section.Type is ElfSectionTypes.GnuHash or ElfSectionTypes.VersionDefinitions or ElfSectionTypes.VersionNeeds
            or ElfSectionTypes.Note
        || ElfFieldWidths.Find(section.Type, section.EntrySize, machine, is64) is not null;

    /// <summary>Turns the bytes of a section.</summary>
    /// <param name="bytes">Its bytes, which are changed.</param>
    /// <param name="section">What it is.</param>
    /// <param name="elfClass">The class.</param>
    /// <param name="from">The byte order they are in.</param>
    /// <param name="machine">The machine.</param>
    public static void Swap(byte[] bytes, ElfModelSection section, ElfClass elfClass, ElfData from, ElfMachine machine)
    {
        bool is64 = elfClass == ElfClass.Elf64;
        if ((section.Flags & ElfSectionFlags.Compressed) != 0)
        {
            // What follows the header is a stream of bytes, whatever it unpacks to.
            (string narrow, string wide) = ElfFieldWidths.CompressionHeader;
            int size = is64 ? 24 : 12;
            SwapFields(bytes.AsSpan(0, Math.Min(size, bytes.Length)), is64 ? wide : narrow);
            return;
        }

        Swap(bytes, section.Type, section.EntrySize, ElfNoteCode.Alignment(section), elfClass, from, machine);
    }

    /// <summary>Turns the bytes of a section, or of a segment that is like one.</summary>
    public static void Swap(
        byte[] bytes, uint type, ulong entrySize, int noteAlignment, ElfClass elfClass, ElfData from, ElfMachine machine)
    {
        var chain = new ElfChainSwapper(bytes, new ElfWords(elfClass, from));
        switch (type)
        {
            case ElfSectionTypes.GnuHash:
                chain.GnuHash();
                break;
            case ElfSectionTypes.VersionDefinitions:
                chain.VersionDefinitions();
                break;
            case ElfSectionTypes.VersionNeeds:
                chain.VersionNeeds();
                break;
            case ElfSectionTypes.Note:
                chain.Notes(noteAlignment);
                break;
            default:
                SwapFields(bytes, ElfFieldWidths.Find(type, entrySize, machine, elfClass == ElfClass.Elf64) ?? "1");
                break;
        }
    }

    /// <summary>Turns fields of given widths, again and again to the end; a field that is cut off stays.</summary>
    public static void SwapFields(Span<byte> bytes, string widths)
    {
        for (int field = 0; bytes.Length > 0; field = (field + 1) % widths.Length)
        {
            int width = widths[field] - '0';
            if (bytes.Length < width)
            {
                return;
            }

            bytes[..width].Reverse();
            bytes = bytes[width..];
        }
    }
}
