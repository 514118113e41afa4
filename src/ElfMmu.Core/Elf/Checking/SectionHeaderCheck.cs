namespace ElfMmu.Elf.Checking;

/// <summary>Each section header by itself: place in the file, name, links, alignment, entries (gABI, "Sections"). O(sections).</summary>
internal sealed class SectionHeaderCheck : IElfCheck
{
    public void Check(ElfFile file, CancellationToken cancellation)
    {
        ulong names = Names(file);
        for (int i = 0; i < file.SectionHeaders.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            ElfSectionHeader section = file.SectionHeaders[i];
            if (i == 0)
            {
                CheckZero(file, section);
            }
            else if (section.Type != ElfSectionTypes.Null)
            {
                CheckPlace(file, i, section);
                CheckAlignment(file, i, section);
                CheckLinks(file, i, section);
                CheckEntries(file, i, section);
                CheckEnd(file, i, section);
                if (section.NameOffset != 0 && section.NameOffset >= names)
                {
                    Add(file, "SectionName", i, $"has its name at 0x{section.NameOffset:x} of the names, which have 0x{names:x} bytes");
                }
            }
        }
    }

    /// <summary>The size of the table of names, after looking whether it is one; 2^64 - 1 where there is none to compare with.</summary>
    private static ulong Names(ElfFile file)
    {
        uint index = file.Header.SectionNameIndex;
        if (index == 0 || index >= (uint)file.SectionHeaders.Length)
        {
            return ulong.MaxValue;
        }

        ElfSectionHeader names = file.SectionHeaders[(int)index];
        if (names.Type != ElfSectionTypes.StrTab)
        {
            Add(file, "SectionNamesType", (int)index, $"ought to hold the names of sections (e_shstrndx), and is {Type(file, names.Type)}");
        }

        return names.Size;
    }

    private static void CheckZero(ElfFile file, in ElfSectionHeader section)
    {
        if (section.Type != ElfSectionTypes.Null || section.NameOffset != 0 || section.Flags != 0 || section.Address != 0 || section.Offset != 0
            || section.Alignment != 0 || section.EntrySize != 0
            || (section.Size != 0 && file.Header.SectionHeaderCountField != 0)
            || (section.Link != 0 && file.Header.SectionNameIndexField != ElfHeader.ExtendedSectionIndex)
            || (section.Info != 0 && file.Header.ProgramHeaderCountField != ElfHeader.ExtendedProgramHeaderCount))
        {
            Add(file, "SectionZero", 0, "ought to be all zero, but for what the header can't hold");
        }
    }

    private static void CheckPlace(ElfFile file, int index, in ElfSectionHeader section)
    {
        if (section.Type != ElfSectionTypes.NoBits && section.Size > 0
            && (section.Offset > file.Input.Length || section.Size > file.Input.Length - section.Offset))
        {
            Add(file, "SectionOutsideFile", index,
                $"has 0x{section.Size:x} bytes from offset 0x{section.Offset:x} on, and the file ends at 0x{file.Input.Length:x}");
        }

        if ((section.Flags & ElfSectionFlags.Compressed) != 0
            && ((section.Flags & ElfSectionFlags.Alloc) != 0 || section.Type == ElfSectionTypes.NoBits))
        {
            Add(file, "SectionCompressed", index, "is marked as compressed, and what is loaded or has no content can't be");
        }

        if ((section.Flags & ElfSectionFlags.Alloc) != 0 && section.Address + section.Size < section.Address && section.Address + section.Size != 0)
        {
            Add(file, "SectionWraps", index, $"has 0x{section.Size:x} bytes from address 0x{section.Address:x} on, more than there are addresses");
        }
    }

    private static void CheckAlignment(ElfFile file, int index, in ElfSectionHeader section)
    {
        if (section.Alignment != 0 && !ulong.IsPow2(section.Alignment))
        {
            Add(file, "SectionAlignment", index, $"has the alignment 0x{section.Alignment:x}, which is no power of two");
        }
        else if (section.Alignment > 1 && (section.Flags & ElfSectionFlags.Alloc) != 0 && (section.Address & (section.Alignment - 1)) != 0)
        {
            Add(file, "SectionAlignment", index, $"is at the address 0x{section.Address:x}, which isn't aligned to 0x{section.Alignment:x}");
        }
    }

    private static void CheckLinks(ElfFile file, int index, in ElfSectionHeader section)
    {
        uint count = (uint)file.SectionHeaders.Length;
        if (section.Link >= count && !IsOutsideIndexes(section.Link))
        {
            Add(file, "SectionLink", index, $"has the link {section.Link}, and there are {count} sections");
        }
        else if (section.Link != 0 && section.Link < count && !Fits(section.Type, file.SectionHeaders[(int)section.Link].Type))
        {
            Add(file, "SectionLinkType", index,
                $"is {Type(file, section.Type)} and has the link {section.Link}, which is {Type(file, file.SectionHeaders[(int)section.Link].Type)}");
        }

        bool isLinked = section.Type is ElfSectionTypes.Rel or ElfSectionTypes.Rela || (section.Flags & ElfSectionFlags.InfoLink) != 0;
        if (isLinked && section.Info >= count)
        {
            Add(file, "SectionInfo", index, $"says in sh_info that it is about section {section.Info}, and there are {count} sections");
        }
    }

    /// <summary>Reserved indexes (SHN_LORESERVE and up) have been seen as links that mean none: SHN_BEFORE, SHN_AFTER.</summary>
    private static bool IsOutsideIndexes(uint link) => link is 0xff00 or 0xff01;

    /// <summary>Whether a type may refer to another by sh_link; strip leaves the headers of what it took away as SHT_NOBITS or SHT_NULL.</summary>
    private static bool Fits(uint type, uint linked) => linked is ElfSectionTypes.NoBits or ElfSectionTypes.Null || type switch
    {
        ElfSectionTypes.SymTab or ElfSectionTypes.DynSym or ElfSectionTypes.Dynamic or ElfSectionTypes.VersionDefinitions or ElfSectionTypes.VersionNeeds =>
            linked == ElfSectionTypes.StrTab,
        ElfSectionTypes.Rel or ElfSectionTypes.Rela or ElfSectionTypes.Hash or ElfSectionTypes.GnuHash or ElfSectionTypes.SymbolVersions
            or ElfSectionTypes.Group or ElfSectionTypes.SymTabIndices => linked is ElfSectionTypes.SymTab or ElfSectionTypes.DynSym,
        _ => true,
    };

    private static void CheckEntries(ElfFile file, int index, in ElfSectionHeader section)
    {
        ulong size = EntrySize(file.Header.Class == ElfClass.Elf64, section.Type);
        if (size == 0)
        {
            return;
        }

        if (section.EntrySize != size && (section.EntrySize != 0 || section.Type is ElfSectionTypes.SymTab or ElfSectionTypes.DynSym))
        {
            Add(file, "SectionEntrySize", index, $"says that its entries have {section.EntrySize} bytes, and those of {Type(file, section.Type)} have {size}");
        }

        if (section.Size % size != 0)
        {
            Add(file, "SectionSize", index, $"has 0x{section.Size:x} bytes, which is no multiple of the {size} of an entry");
        }

        if (section.Type is ElfSectionTypes.SymTab or ElfSectionTypes.DynSym && section.Info > section.Size / size)
        {
            Add(file, "FirstGlobal", index, $"says that symbol {section.Info} is its first global one, and it has {section.Size / size}");
        }
    }

    private static ulong EntrySize(bool is64, uint type) => type switch
    {
        ElfSectionTypes.SymTab or ElfSectionTypes.DynSym => is64 ? 24u : 16u,
        ElfSectionTypes.Rela => is64 ? 24u : 12u,
        ElfSectionTypes.Rel or ElfSectionTypes.Dynamic => is64 ? 16u : 8u,
        ElfSectionTypes.Relr => is64 ? 8u : 4u,
        ElfSectionTypes.Group or ElfSectionTypes.SymTabIndices => 4,
        ElfSectionTypes.SymbolVersions => 2,
        _ => 0,
    };

    private static void CheckEnd(ElfFile file, int index, in ElfSectionHeader section)
    {
        if (section.Type != ElfSectionTypes.StrTab || section.Size == 0 || (section.Flags & ElfSectionFlags.Compressed) != 0
            || section.Offset > file.Input.Length || section.Size > file.Input.Length - section.Offset)
        {
            return;
        }

        Span<byte> last = stackalloc byte[1];
        file.Input.Read(section.Offset + section.Size - 1, last);
        if (last[0] != 0)
        {
            Add(file, "StringTableEnd", index, $"is a table of strings, and its last byte is 0x{last[0]:x2} and no NUL");
        }
    }

    private static string Type(ElfFile file, uint type) => ElfNames.SectionType(type, file.Header.Machine, file.Header.OsAbi);

    private static void Add(ElfFile file, string id, int index, string what) => file.Diagnostics.Add(
        id, $"{CheckedFile.Section(file, index)} {what}.", file.SectionHeaders[index].Offset, index);
}
