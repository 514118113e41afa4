namespace ElfMmu.Elf.Symbols;

/// <summary>A symbol as an object that can leave its file. Its texts are made when they are asked for.</summary>
public sealed class ElfSymbol : ElfItem
{
    private readonly ElfSymbolTable _table;
    private readonly ElfSymbolEntry _entry;
    private string? _name;

    internal ElfSymbol(ElfSymbolTable table, int index, in ElfSymbolEntry entry)
        : base(table.File)
    {
        _table = table;
        _entry = entry;
        Index = index;
    }

    /// <summary>Its number in its table.</summary>
    public int Index { get; }

    /// <summary>Its name; empty if it has none. A symbol that stands for a section has the section's.</summary>
    public string Name => _name ??= _table.NameOf(Index, _entry);

    /// <summary>An address as the file has it, an offset in a section or what the type makes of it (st_value).</summary>
    public ulong Value => _entry.Value;

    /// <summary>The size in bytes; 0 if there is none or it isn't known (st_size).</summary>
    public ulong Size => _entry.Size;

    /// <inheritdoc cref="ElfSymbolTable.AddressOf"/>
    public ulong? Address => _table.AddressOf(Index, _entry);

    /// <summary>
    /// The same as <see cref="Address"/>, by the name other objects have it under; and <c>$symbols.Address</c> is a method of PowerShell's
    /// arrays, where <c>$symbols.VirtualAddress</c> is what one wants.
    /// </summary>
    public ulong? VirtualAddress => Address;

    /// <summary>The first address behind it, modulo 2^64; null where <see cref="Address"/> is.</summary>
    public ulong? EndAddress => Address is { } address ? address + Size : null;

    /// <summary>What it stands for (st_info).</summary>
    public ElfSymbolType Type => _entry.Type;

    /// <summary>The canonical name of the type, such as STT_FUNC.</summary>
    public string TypeName => ElfNames.SymbolType(Type, _table.File.Header.Machine);

    /// <summary>How far it is seen when files are linked (st_info).</summary>
    public ElfSymbolBinding Binding => _entry.Binding;

    /// <summary>The canonical name of the binding, such as STB_GLOBAL.</summary>
    public string BindingName => ElfNames.SymbolBinding(Binding);

    /// <summary>How far it is seen outside its file (st_other).</summary>
    public ElfSymbolVisibility Visibility => _entry.Visibility;

    /// <summary>The canonical name of the visibility, such as STV_DEFAULT.</summary>
    public string VisibilityName => ElfNames.SymbolVisibility(Visibility);

    /// <summary>Visibility, and bits of the processor's above it (st_other).</summary>
    public byte Other => _entry.Other;

    /// <summary>Whether its file defines it.</summary>
    public bool IsDefined => _entry.IsDefined;

    /// <summary>The number of its section, also where the entry can't hold it; st_shndx itself if that is no section.</summary>
    public uint SectionIndex => _table.SectionOf(Index, _entry) ?? _entry.SectionField;

    /// <summary>
    /// The name of its section; in readelf's words UND, ABS, COM and the like if it is in none, and empty in a loaded image, where
    /// sections aren't.
    /// </summary>
    public string SectionName => Special ?? _table.File.SectionName((int)Math.Min(SectionIndex, int.MaxValue));

    /// <summary>The section as readelf prints it: its number, or UND, ABS, COM and the like.</summary>
    public string SectionText => Special ?? SectionIndex.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The name of its table's section: <c>.symtab</c> or <c>.dynsym</c>.</summary>
    public string Table => _table.Name;

    /// <summary>The version's name, such as <c>GLIBC_2.2.5</c>; null if it has none.</summary>
    public string? Version => FullVersion?.Name;

    /// <summary>Whether its file defines it in this version, and its name alone means it.</summary>
    public bool IsDefaultVersion => FullVersion?.IsDefault ?? false;

    /// <summary>The library that it is needed of in its version; null if there is none.</summary>
    public string? VersionFile => FullVersion?.File;

    /// <summary>The number of its version; 0 and 1 are none.</summary>
    public int VersionIndex => (_table.Versions?.Entry(Index) ?? 0) & ~ElfSymbolVersions.Hidden;

    /// <summary>Its name with its version, as linkers write it: <c>name</c>, <c>name@version</c>, <c>name@@version</c> for the default one.</summary>
    public string FullName => FullVersion is { } version ? $"{Name}{(version.IsDefault ? "@@" : "@")}{version.Name}" : Name;

    /// <summary>The address that was asked for, if it was found by one.</summary>
    public ulong? MatchAddress { get; internal init; }

    /// <summary>How many bytes behind its start that is.</summary>
    public ulong? MatchOffset => MatchAddress - Address;

    internal ElfSymbolVersion? FullVersion => _table.Versions?.Of(Index, _entry);

    private string? Special => ElfNames.SymbolSection(_entry.SectionField, _table.File.Header.Machine, _table.File.Header.OsAbi);

    /// <inheritdoc/>
    public override string ToString() => FullName;
}
