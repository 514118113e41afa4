namespace ElfMmu.Elf.Writing;

/// <summary>
/// One segment of a model. It holds sections, and the layout counts its numbers; or it covers a range, and its numbers are set. A number
/// that is set is kept, whatever it is.
/// </summary>
public sealed class ElfModelSegment
{
    /// <summary>Makes a segment.</summary>
    /// <param name="type">What it is (p_type).</param>
    /// <param name="flags">The rights to it (p_flags).</param>
    /// <param name="sections">The sections it holds, in the order of their addresses.</param>
    public ElfModelSegment(ElfSegmentType type, ElfSegmentFlags flags = ElfSegmentFlags.None, params IEnumerable<ElfModelSection> sections)
    {
        Type = type;
        Flags = flags;
        Sections.AddRange(sections);
    }

    /// <summary>What it is (p_type).</summary>
    public ElfSegmentType Type { get; set; }

    /// <summary>The rights to it (p_flags).</summary>
    public ElfSegmentFlags Flags { get; set; }

    /// <summary>The sections it holds, in the order of their addresses; empty for a range.</summary>
    public List<ElfModelSection> Sections { get; } = [];

    /// <summary>Whether it starts with the ELF header, so that header and program headers are loaded too.</summary>
    public bool IncludesHeaders { get; set; }

    /// <summary>Its first byte in the file (p_offset); null: its first section's.</summary>
    public ulong? Offset { get; set; }

    /// <summary>Its first virtual address (p_vaddr); null: its first section's, or what the headers before it make of that.</summary>
    public ulong? VirtualAddress { get; set; }

    /// <summary>Its first physical address (p_paddr), where a loader puts it; null: the virtual one.</summary>
    public ulong? PhysicalAddress { get; set; }

    /// <summary>Its bytes in the file (p_filesz); null: up to the end of its last section that has bytes.</summary>
    public ulong? FileSize { get; set; }

    /// <summary>Its bytes in memory (p_memsz); null: up to the end of its last section.</summary>
    public ulong? MemorySize { get; set; }

    /// <summary>The alignment of address and offset (p_align); null: 0x1000 for PT_LOAD, otherwise the largest of its sections'.</summary>
    public ulong? Alignment { get; set; }

    internal ElfModelSegment Clone(Func<ElfModelSection, ElfModelSection> section) => new(Type, Flags, Sections.Select(section))
    {
        IncludesHeaders = IncludesHeaders,
        Offset = Offset,
        VirtualAddress = VirtualAddress,
        PhysicalAddress = PhysicalAddress,
        FileSize = FileSize,
        MemorySize = MemorySize,
        Alignment = Alignment,
    };
}
