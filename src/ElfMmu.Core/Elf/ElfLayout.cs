namespace ElfMmu.Elf;

/// <summary>What an ELF header to be written says; <see cref="ElfEncoder"/> turns it into bytes.</summary>
public readonly record struct ElfLayout
{
    /// <summary>Makes an empty layout; class and byte order must be set.</summary>
    public ElfLayout()
    {
    }

    /// <summary>The class.</summary>
    public required ElfClass Class { get; init; }

    /// <summary>The byte order.</summary>
    public required ElfData Data { get; init; }

    /// <summary>Whose extensions are used (e_ident[EI_OSABI]).</summary>
    public ElfOsAbi OsAbi { get; init; }

    /// <summary>The version of that ABI (e_ident[EI_ABIVERSION]).</summary>
    public byte AbiVersion { get; init; }

    /// <summary>What the file is (e_type).</summary>
    public ElfType Type { get; init; }

    /// <summary>The processor it is for (e_machine).</summary>
    public ElfMachine Machine { get; init; }

    /// <summary>The processor's flags (e_flags).</summary>
    public uint Flags { get; init; }

    /// <summary>The virtual address where it starts to run, or 0 (e_entry).</summary>
    public ulong EntryPoint { get; init; }

    /// <summary>Where the program headers start in the file, or 0 (e_phoff).</summary>
    public ulong ProgramHeaderOffset { get; init; }

    /// <summary>How many program headers there are, whether or not e_phnum can hold it; at most 4,294,967,295.</summary>
    public ulong ProgramHeaderCount { get; init; }

    /// <summary>Where the section headers start in the file, or 0 (e_shoff).</summary>
    public ulong SectionHeaderOffset { get; init; }

    /// <summary>How many section headers there are, whether or not e_shnum can hold it.</summary>
    public ulong SectionHeaderCount { get; init; }

    /// <summary>The section of section names, or 0 (e_shstrndx).</summary>
    public uint SectionNameIndex { get; init; }

    /// <summary>
    /// Whether a count or an index doesn't fit its 16-bit field, so that section 0 must be written: from 65,535 program
    /// headers, 65,280 sections, or a section of names from 65,280 on.
    /// </summary>
    public bool NeedsSectionZero =>
        ProgramHeaderCount >= ElfHeader.ExtendedProgramHeaderCount
        || SectionHeaderCount >= ElfHeader.ReservedSectionIndex
        || SectionNameIndex >= ElfHeader.ReservedSectionIndex;
}
