namespace ElfMmu.Elf;

/// <summary>One section header, in either class (gABI, "Sections").</summary>
public readonly record struct ElfSectionHeader
{
    /// <summary>Makes an empty one: SHT_NULL, all zero.</summary>
    public ElfSectionHeader()
    {
    }

    internal ElfSectionHeader(in ElfSectionHeaderRecord raw)
    {
        NameOffset = raw.Name;
        Type = raw.Type;
        Flags = raw.Flags;
        Address = raw.Address;
        Offset = raw.Offset;
        Size = raw.Size;
        Link = raw.Link;
        Info = raw.Info;
        Alignment = raw.Alignment;
        EntrySize = raw.EntrySize;
    }

    /// <summary>Where the name starts in the section of names, in bytes (sh_name).</summary>
    public uint NameOffset { get; init; }

    /// <summary>What the section is (sh_type); 0 is SHT_NULL.</summary>
    public uint Type { get; init; }

    /// <summary>Its attributes (sh_flags).</summary>
    public ulong Flags { get; init; }

    /// <summary>Its virtual address, or 0 (sh_addr).</summary>
    public ulong Address { get; init; }

    /// <summary>Its first byte in the file (sh_offset).</summary>
    public ulong Offset { get; init; }

    /// <summary>Its size in bytes (sh_size); in section 0 the count of sections, if e_shnum can't hold it.</summary>
    public ulong Size { get; init; }

    /// <summary>A section it refers to (sh_link); in section 0 the section of names, if e_shstrndx can't hold it.</summary>
    public uint Link { get; init; }

    /// <summary>What the type makes of it (sh_info); in section 0 the count of program headers that e_phnum can't hold.</summary>
    public uint Info { get; init; }

    /// <summary>Its alignment in bytes (sh_addralign).</summary>
    public ulong Alignment { get; init; }

    /// <summary>Bytes of one entry, if it is a table (sh_entsize).</summary>
    public ulong EntrySize { get; init; }
}
