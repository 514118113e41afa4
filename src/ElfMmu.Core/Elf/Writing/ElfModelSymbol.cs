namespace ElfMmu.Elf.Writing;

/// <summary>One symbol of a model (gABI, "Symbol Table"). Numbers: <see cref="ElfModelSymbolNumbers"/>.</summary>
public sealed class ElfModelSymbol
{
    /// <summary>Makes a symbol.</summary>
    /// <param name="name">Its name, without a NUL.</param>
    /// <param name="value">Its value (st_value).</param>
    /// <param name="section">The section it is in; null: see <see cref="SectionIndex"/>.</param>
    public ElfModelSymbol(string name = "", ulong value = 0, ElfModelSection? section = null)
    {
        Name = name;
        Value = value;
        Section = section;
    }

    /// <summary>Its name; empty for a symbol of a section, which is called as that is.</summary>
    public string Name { get; set; }

    /// <summary>Its value (st_value): an address, or in an object file the offset in its section.</summary>
    public ulong Value { get; set; }

    /// <summary>Its size in bytes, or 0 (st_size).</summary>
    public ulong Size { get; set; }

    /// <summary>What it is, from 0 to 15 (the lower half of st_info), such as STT_FUNC 2.</summary>
    public byte Type { get; set; }

    /// <summary>Who sees it, from 0 to 15 (the upper half of st_info), such as STB_GLOBAL 1. Locals are written first.</summary>
    public byte Binding { get; set; }

    /// <summary>st_other: the visibility and the bits a processor gives a meaning.</summary>
    public byte Other { get; set; }

    /// <summary>How widely it is seen, from 0 to 3 (the two lowest bits of <see cref="Other"/>), such as STV_HIDDEN 2.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is more than 3.</exception>
    public byte Visibility
    {
        get => (byte)(Other & 3);
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 3);
            Other = (byte)((Other & ~3) | value);
        }
    }

    /// <summary>The section it is in; null where st_shndx is a number of its own, <see cref="SectionIndex"/>.</summary>
    public ElfModelSection? Section { get; set; }

    /// <summary>st_shndx where it is in no section: SHN_UNDEF 0, SHN_ABS 0xfff1, SHN_COMMON 0xfff2.</summary>
    public ushort SectionIndex { get; set; } = ElfModelSymbolNumbers.Absolute;

    /// <summary>Where its name was in the string table; used again while the table says the same there.</summary>
    internal uint? NameOffset { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal ElfModelSymbol CloneAlone() => (ElfModelSymbol)MemberwiseClone();
}
