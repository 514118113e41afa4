namespace ElfMmu.Elf;

/// <summary>
/// The layout of each record, told once (gABI, "ELF Header", "Program Header", "Sections"). Every field is naturally aligned
/// in both classes, so the order of the fields is the whole layout.
/// </summary>
internal static class ElfRecords
{
    /// <summary>Bytes of e_ident, which looks the same in all files and stands before <see cref="Header"/>.</summary>
    public const int IdentSize = 16;

    /// <summary>The ELF header after e_ident.</summary>
    public static void Header<T>(ref T f, ref ElfHeaderRecord r)
        where T : struct, IElfFields, allows ref struct
    {
        f.Half(ref r.Type);
        f.Half(ref r.Machine);
        f.Word(ref r.Version);
        f.Native(ref r.Entry, "e_entry");
        f.Native(ref r.ProgramHeaderOffset, "e_phoff");
        f.Native(ref r.SectionHeaderOffset, "e_shoff");
        f.Word(ref r.Flags);
        f.Half(ref r.HeaderSize);
        f.Half(ref r.ProgramHeaderEntrySize);
        f.Half(ref r.ProgramHeaderCount);
        f.Half(ref r.SectionHeaderEntrySize);
        f.Half(ref r.SectionHeaderCount);
        f.Half(ref r.SectionNameIndex);
    }

    /// <summary>A program header. p_flags moved forward in the 64-bit one, to keep the fields aligned.</summary>
    public static void ProgramHeader<T>(ref T f, ref ElfProgramHeaderRecord r)
        where T : struct, IElfFields, allows ref struct
    {
        f.Word(ref r.Type);
        if (f.Is64)
        {
            f.Word(ref r.Flags);
        }

        f.Native(ref r.Offset, "p_offset");
        f.Native(ref r.VirtualAddress, "p_vaddr");
        f.Native(ref r.PhysicalAddress, "p_paddr");
        f.Native(ref r.FileSize, "p_filesz");
        f.Native(ref r.MemorySize, "p_memsz");
        if (!f.Is64)
        {
            f.Word(ref r.Flags);
        }

        f.Native(ref r.Alignment, "p_align");
    }

    /// <summary>A section header.</summary>
    public static void SectionHeader<T>(ref T f, ref ElfSectionHeaderRecord r)
        where T : struct, IElfFields, allows ref struct
    {
        f.Word(ref r.Name);
        f.Word(ref r.Type);
        f.Native(ref r.Flags, "sh_flags");
        f.Native(ref r.Address, "sh_addr");
        f.Native(ref r.Offset, "sh_offset");
        f.Native(ref r.Size, "sh_size");
        f.Word(ref r.Link);
        f.Word(ref r.Info);
        f.Native(ref r.Alignment, "sh_addralign");
        f.Native(ref r.EntrySize, "sh_entsize");
    }

    /// <summary>What stands before the content of a compressed section. ch_reserved keeps the 64-bit one aligned.</summary>
    public static void CompressionHeader<T>(ref T f, ref ElfCompressionHeaderRecord r)
        where T : struct, IElfFields, allows ref struct
    {
        f.Word(ref r.Type);
        if (f.Is64)
        {
            f.Word(ref r.Reserved);
        }

        f.Native(ref r.Size, "ch_size");
        f.Native(ref r.Alignment, "ch_addralign");
    }

    /// <summary>A symbol. The small fields moved forward in the 64-bit one, to keep the fields aligned.</summary>
    public static void Symbol<T>(ref T f, ref ElfSymbolRecord r)
        where T : struct, IElfFields, allows ref struct
    {
        f.Word(ref r.Name);
        if (!f.Is64)
        {
            f.Native(ref r.Value, "st_value");
            f.Native(ref r.Size, "st_size");
        }

        f.Byte(ref r.Info);
        f.Byte(ref r.Other);
        f.Half(ref r.Section);
        if (f.Is64)
        {
            f.Native(ref r.Value, "st_value");
            f.Native(ref r.Size, "st_size");
        }
    }

    /// <summary>An entry of the dynamic section.</summary>
    public static void Dynamic<T>(ref T f, ref ElfDynamicRecord r)
        where T : struct, IElfFields, allows ref struct
    {
        f.Native(ref r.Tag, "d_tag");
        f.Native(ref r.Value, "d_val");
    }
}
