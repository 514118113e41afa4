namespace ElfMmu.Elf;

/// <summary>One segment, as a program header describes it, in either class (gABI, "Program Header").</summary>
public readonly record struct ElfProgramHeader
{
    /// <summary>Makes an empty one: PT_NULL, all zero.</summary>
    public ElfProgramHeader()
    {
    }

    internal ElfProgramHeader(in ElfProgramHeaderRecord raw)
    {
        Type = (ElfSegmentType)raw.Type;
        Flags = (ElfSegmentFlags)raw.Flags;
        Offset = raw.Offset;
        VirtualAddress = raw.VirtualAddress;
        PhysicalAddress = raw.PhysicalAddress;
        FileSize = raw.FileSize;
        MemorySize = raw.MemorySize;
        Alignment = raw.Alignment;
    }

    /// <summary>What the segment is (p_type).</summary>
    public ElfSegmentType Type { get; init; }

    /// <summary>The rights to it (p_flags).</summary>
    public ElfSegmentFlags Flags { get; init; }

    /// <summary>Its first byte in the file (p_offset).</summary>
    public ulong Offset { get; init; }

    /// <summary>Its first virtual address (p_vaddr).</summary>
    public ulong VirtualAddress { get; init; }

    /// <summary>Its first physical address (p_paddr).</summary>
    public ulong PhysicalAddress { get; init; }

    /// <summary>Its bytes in the file (p_filesz); not checked against the file's length.</summary>
    public ulong FileSize { get; init; }

    /// <summary>Its bytes in memory (p_memsz).</summary>
    public ulong MemorySize { get; init; }

    /// <summary>The alignment in bytes of address and offset (p_align); 0 and 1 mean none.</summary>
    public ulong Alignment { get; init; }
}
