namespace ElfMmu.Elf.Writing;

/// <summary>One relocation of a model (gABI, "Relocation"), against a symbol of the model's table.</summary>
public sealed class ElfModelRelocation
{
    /// <summary>Makes a relocation.</summary>
    /// <param name="section">The section it changes.</param>
    /// <param name="offset">Where.</param>
    /// <param name="type">How, in the machine's own numbering.</param>
    /// <param name="symbol">With which symbol's value; null for none.</param>
    /// <param name="addend">What to add; null makes it an entry of SHT_REL, whose addend stands in the section.</param>
    public ElfModelRelocation(
        ElfModelSection section, ulong offset, uint type, ElfModelSymbol? symbol = null, long? addend = null)
    {
        Section = section;
        Offset = offset;
        Type = type;
        Symbol = symbol;
        Addend = addend;
    }

    /// <summary>The section it changes (sh_info of the section of relocations).</summary>
    public ElfModelSection Section { get; set; }

    /// <summary>Where (r_offset): in an object file the offset in the section, otherwise a virtual address.</summary>
    public ulong Offset { get; set; }

    /// <summary>
    /// How (the type in r_info): 8 bits in a 32-bit file, 32 in a 64-bit one. For 64-bit MIPS the three types and the special symbol are its
    /// bytes: r_ssym, r_type3, r_type2, r_type from the highest to the lowest.
    /// </summary>
    public uint Type { get; set; }

    /// <summary>With which symbol's value; null for none.</summary>
    public ElfModelSymbol? Symbol { get; set; }

    /// <summary>What to add (r_addend); null for an entry of SHT_REL.</summary>
    public long? Addend { get; set; }
}
