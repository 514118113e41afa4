namespace ElfMmu.Elf.Symbols;

/// <summary>An entry of a symbol table, in either class (gABI, "Symbol Table").</summary>
public readonly record struct ElfSymbolEntry
{
    /// <summary>The index in section numbers from which on they have other meanings (SHN_LORESERVE).</summary>
    public const ushort ReservedSection = 0xff00;

    /// <summary>The symbol has a value that isn't an address to be moved (SHN_ABS).</summary>
    public const ushort AbsoluteSection = 0xfff1;

    /// <summary>The symbol is an unallocated common block, its value an alignment (SHN_COMMON).</summary>
    public const ushort CommonSection = 0xfff2;

    /// <summary>The section's number stands in another table (SHN_XINDEX).</summary>
    public const ushort ExtendedSection = 0xffff;

    internal ElfSymbolEntry(in ElfSymbolRecord raw)
    {
        NameOffset = raw.Name;
        Value = raw.Value;
        Size = raw.Size;
        Info = raw.Info;
        Other = raw.Other;
        SectionField = raw.Section;
    }

    /// <summary>Where the name starts in the table of names, in bytes (st_name).</summary>
    public uint NameOffset { get; init; }

    /// <summary>An address, an offset in a section or what the type makes of it (st_value).</summary>
    public ulong Value { get; init; }

    /// <summary>The size in bytes; 0 if there is none or it isn't known (st_size).</summary>
    public ulong Size { get; init; }

    /// <summary>Type and binding (st_info).</summary>
    public byte Info { get; init; }

    /// <summary>Visibility, and bits of the processor's above it (st_other).</summary>
    public byte Other { get; init; }

    /// <summary>The section as the entry has it; from <see cref="ReservedSection"/> on it isn't one (st_shndx).</summary>
    public ushort SectionField { get; init; }

    /// <summary>What it stands for.</summary>
    public ElfSymbolType Type => (ElfSymbolType)(Info & 0xf);

    /// <summary>How far it is seen when files are linked.</summary>
    public ElfSymbolBinding Binding => (ElfSymbolBinding)(Info >> 4);

    /// <summary>How far it is seen outside its file.</summary>
    public ElfSymbolVisibility Visibility => (ElfSymbolVisibility)(Other & 3);

    /// <summary>Whether its file defines it.</summary>
    public bool IsDefined => SectionField != 0;

    /// <summary>Whether <see cref="SectionField"/> is the number of a section.</summary>
    public bool IsInSection => SectionField is > 0 and (< ReservedSection or ExtendedSection);
}
