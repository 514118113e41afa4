namespace ElfMmu.Elf.Relocations;

/// <summary>How a table holds its relocations (gABI, "Relocation").</summary>
public enum ElfRelocationFormat
{
    /// <summary>Place and type; the addend is in the place (SHT_REL, DT_REL).</summary>
    Rel = 1,

    /// <summary>Place, type and addend (SHT_RELA, DT_RELA).</summary>
    Rela,

    /// <summary>Places alone, packed into bitmaps; each has the base address added (SHT_RELR, DT_RELR).</summary>
    Relr,
}
