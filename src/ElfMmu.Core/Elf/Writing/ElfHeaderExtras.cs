namespace ElfMmu.Elf.Writing;

/// <summary>What an ELF header says that every writer writes alike, as another file has it; null is what this one writes.</summary>
internal sealed record ElfHeaderExtras
{
    public byte IdentVersion { get; init; } = 1;

    public byte[] IdentPadding { get; init; } = new byte[7];

    public uint Version { get; init; } = 1;

    public ushort? HeaderSize { get; init; }

    public ushort? ProgramHeaderEntrySize { get; init; }

    public ushort? SectionHeaderEntrySize { get; init; }

    public uint? SectionNameIndex { get; init; }
}
