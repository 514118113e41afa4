namespace ElfMmu.Dwarf;

/// <summary>A section of debug information, for an ELF file: of type SHT_PROGBITS, at no address, with alignment 1.</summary>
/// <param name="Name">Its name: <c>.debug_info</c>.</param>
/// <param name="Content">Its bytes.</param>
public sealed record DwarfSection(string Name, ReadOnlyMemory<byte> Content)
{
    /// <summary>What its sh_flags should be: SHF_MERGE and SHF_STRINGS (0x30) for strings, 0 for the others.</summary>
    public ulong Flags { get; init; }

    /// <summary>What its sh_entsize should be: 1 for strings, 0 for the others.</summary>
    public ulong EntrySize { get; init; }
}
