using ElfMmu.Elf.Symbols;

namespace ElfMmu.Elf.Relocations;

/// <summary>One relocation: a place that is changed when the file is linked or loaded, and how (gABI, "Relocation").</summary>
public sealed class ElfRelocation : ElfItem
{
    private readonly RelocationTable _table;
    private readonly RelocationInfo _info;
    private readonly ElfMachine _machine;
    private readonly ElfOsAbi _osAbi;

    internal ElfRelocation(ElfFile file, RelocationTable table, ulong index, ulong offset, in RelocationInfo info, long? addend)
        : base(file)
    {
        _table = table;
        _info = info;
        _machine = file.Header.Machine;
        _osAbi = file.Header.OsAbi;
        Address = table.TargetAddress is { } target ? target + offset : table.IsInSection ? null : file.AddressOf(offset);
        Symbol = table.Symbol(file, info.Symbol, index);
        Index = index;
        Offset = offset;
        Addend = addend;
    }

    /// <summary>Its position in its table, from 0; that of the place for <see cref="ElfRelocationFormat.Relr"/>.</summary>
    public ulong Index { get; }

    /// <summary>
    /// The name of the section it is in; where there are no sections, the dynamic tag that gives the table's address: DT_REL, DT_RELA,
    /// DT_RELR or DT_JMPREL.
    /// </summary>
    public string Section => _table.Name;

    /// <summary>The index of the section it is in; null where there are no sections.</summary>
    public int? SectionIndex => _table.Index;

    /// <summary>The name of the section it changes (sh_info); null where its table names none.</summary>
    public string? TargetSection => _table.TargetName;

    /// <summary>The index of the section it changes (sh_info); null where its table names none.</summary>
    public int? TargetSectionIndex => _table.Target;

    /// <summary>How its table holds it.</summary>
    public ElfRelocationFormat Format => _table.Format;

    /// <summary>The place it changes (r_offset): a virtual address, or in an object file an offset in the target section.</summary>
    public ulong Offset { get; }

    /// <summary>
    /// The virtual address of the place: <see cref="Offset"/>, and in an image in an address space the address there
    /// (<see cref="ElfFile.AddressOf(ulong)"/>); in an object file counted from the target section's address, which is mostly 0. Null where an
    /// image that lies in memory as its file does hasn't the place.
    /// </summary>
    public ulong? Address { get; }

    /// <summary>
    /// The same as <see cref="Address"/>, by the name other objects have it under; and <c>$relocations.Address</c> is a method of PowerShell's
    /// arrays, where <c>$relocations.VirtualAddress</c> is what one wants.
    /// </summary>
    public ulong? VirtualAddress => Address;

    /// <summary>
    /// Symbol and type as the file has them (r_info); in MIPS64's little-endian files with its parts where the big-endian ones have them. 0
    /// for <see cref="ElfRelocationFormat.Relr"/>.
    /// </summary>
    public ulong Info => _info.Value;

    /// <summary>
    /// How the place is changed, in the machine's own numbering; for <see cref="ElfRelocationFormat.Relr"/> the machine's type that adds the
    /// base address.
    /// </summary>
    public uint Type => _info.Type;

    /// <summary>The canonical name of the type, such as R_X86_64_GLOB_DAT.</summary>
    public string TypeName => Name(_info.Type);

    /// <summary>The type applied to the result of the first, 0 for none; null for all machines but 64-bit MIPS.</summary>
    public uint? Type2 => _info.Type2;

    /// <summary>The name of <see cref="Type2"/>.</summary>
    public string? Type2Name => _info.Type2 is { } type ? Name(type) : null;

    /// <summary>The type applied to the result of the second, 0 for none; null for all machines but 64-bit MIPS.</summary>
    public uint? Type3 => _info.Type3;

    /// <summary>The name of <see cref="Type3"/>.</summary>
    public string? Type3Name => _info.Type3 is { } type ? Name(type) : null;

    /// <summary>The special symbol of the second type (r_ssym: RSS_UNDEF 0, RSS_GP 1, RSS_GP0 2, RSS_LOC 3); 64-bit MIPS only.</summary>
    public uint? SpecialSymbol => _info.SpecialSymbol;

    /// <summary>The second addend of R_SPARC_OLO10; null for all others.</summary>
    public int? TypeData => _info.Data;

    /// <summary>The index of the symbol in the symbol table that the relocation's section is linked to; 0 for none.</summary>
    public uint SymbolIndex => _info.Symbol;

    /// <summary>The symbol; null without one, and where the table of symbols hasn't it.</summary>
    public ElfSymbol? Symbol { get; }

    /// <summary>
    /// The symbol's name with its version, such as <c>malloc@GLIBC_2.2.5</c>; the section's name for the symbol of a section. Null
    /// without a symbol.
    /// </summary>
    public string? SymbolName => Symbol?.FullName;

    /// <summary>The symbol's value (st_value); null without a symbol.</summary>
    public ulong? SymbolValue => Symbol?.Value;

    /// <summary>The constant that is added (r_addend); null where the table has none, and it stands in the place itself.</summary>
    public long? Addend { get; }

    private string Name(uint type) => ElfRelocationTypes.Name(_machine, type, _osAbi);
}
