namespace ElfMmu.Elf;

/// <summary>The byte order of a file's own structures: e_ident[EI_DATA] (gABI, "ELF Identification").</summary>
public enum ElfData : byte
{
    /// <summary>Invalid (ELFDATANONE).</summary>
    None = 0,

    /// <summary>Least significant byte first (ELFDATA2LSB).</summary>
    LittleEndian = 1,

    /// <summary>Most significant byte first (ELFDATA2MSB).</summary>
    BigEndian = 2,
}
