namespace ElfMmu.Elf.Sections;

/// <summary>A section: what its header says, what it is linked with, and on demand its content (gABI, "Sections").</summary>
public sealed class ElfSection : ElfItem
{
    private readonly ElfFile _file;
    private readonly ElfSectionHeader _header;
    private string? _name;

    internal ElfSection(ElfFile file, int index, in ElfSectionHeader header)
        : base(file)
    {
        _file = file;
        _header = header;
        Index = index;
    }

    /// <summary>Its number in the table; 0 is no section, but where counts overflow into.</summary>
    public int Index { get; }

    /// <summary>Its name; empty where it has none or the table of names isn't sound. O(its length) the first time.</summary>
    public string Name => _name ??= _file.SectionName(Index);

    /// <summary>What it is (sh_type).</summary>
    public uint Type => _header.Type;

    /// <summary>The canonical name of <see cref="Type"/> on its machine, such as SHT_PROGBITS.</summary>
    public string TypeName => ElfNames.SectionType(Type, _file.Header.Machine, _file.Header.OsAbi);

    /// <summary>Its attributes (sh_flags).</summary>
    public ulong Flags => _header.Flags;

    /// <summary>Its attributes as readelf's letters, such as WA or AX.</summary>
    public string FlagLetters => ElfNames.SectionFlagLetters(Flags, _file.Header.Machine, _file.Header.OsAbi);

    /// <summary>Its attributes by name, such as SHF_ALLOC.</summary>
    public IReadOnlyList<string> FlagNames => ElfNames.SectionFlags(Flags, _file.Header.Machine, _file.Header.OsAbi);

    /// <summary>The rights its memory needs, such as <c>r-x</c>; null where it isn't loaded.</summary>
    public string? Rights => !IsAllocated ? null : RightsFormat.Format(
        ElfMmu.Rights.Read
        | ((Flags & ElfSectionFlags.Write) != 0 ? ElfMmu.Rights.Write : 0)
        | ((Flags & ElfSectionFlags.Execute) != 0 ? ElfMmu.Rights.Execute : 0));

    /// <summary>Its virtual address, or 0 (sh_addr).</summary>
    public ulong Address => _header.Address;

    /// <summary>
    /// Where it is: <see cref="Address"/>, or null where it isn't loaded; in an image that lies in an address space as its file does, where its
    /// bytes are there, and null where it has none. <c>$sections.Address</c> is a method of PowerShell's arrays, where
    /// <c>$sections.VirtualAddress</c> is what one wants.
    /// </summary>
    public ulong? VirtualAddress => _file.HasAddress(_header) ? _file.AddressOf(_header) : null;

    /// <summary>The first virtual address behind it; null where it isn't loaded, 0xffffffffffffffff where it reaches the top of the addresses.</summary>
    public ulong? EndAddress => VirtualAddress is not { } start ? null : start + Size < start ? ulong.MaxValue : start + Size;

    /// <summary>Its first byte in the file (sh_offset).</summary>
    public ulong Offset => _header.Offset;

    /// <summary>Its size in bytes, in memory where it is SHT_NOBITS (sh_size).</summary>
    public ulong Size => _header.Size;

    /// <summary>A section it refers to (sh_link).</summary>
    public uint Link => _header.Link;

    /// <summary>The name of the section that <see cref="Link"/> is the index of; null where it is 0 or there is none.</summary>
    public string? LinkName => NameOf(Link);

    /// <summary>What the type makes of it (sh_info).</summary>
    public uint Info => _header.Info;

    /// <summary>The name of the section that <see cref="Info"/> is the index of; null where it is no section's index.</summary>
    public string? InfoName => Type is ElfSectionTypes.Rel or ElfSectionTypes.Rela || (Flags & ElfSectionFlags.InfoLink) != 0 ? NameOf(Info) : null;

    /// <summary>Its alignment in bytes; 0 and 1 mean none (sh_addralign).</summary>
    public ulong Alignment => _header.Alignment;

    /// <summary>The bytes of one entry, if it is a table (sh_entsize).</summary>
    public ulong EntrySize => _header.EntrySize;

    /// <summary>Whether it takes memory when the file is loaded (SHF_ALLOC).</summary>
    public bool IsAllocated => (Flags & ElfSectionFlags.Alloc) != 0;

    /// <summary>Whether its content is compressed: SHF_COMPRESSED, or .zdebug of old.</summary>
    public bool IsCompressed => Compression != null;

    /// <summary>How its content is compressed; null where it isn't.</summary>
    public ElfCompression? Compression { get; internal init; }

    /// <summary>The index of the group it is a member of; null where it is in none.</summary>
    public int? Group { get; internal init; }

    /// <summary>The name of the group that it is, or is a member of; null where it has to do with none. Often a mangled name.</summary>
    public string? GroupName { get; internal init; }

    /// <summary>The indexes of the members of the group that it is; empty where it is none.</summary>
    public IReadOnlyList<int> GroupMembers { get; internal init; } = [];

    /// <summary>
    /// How much information a byte of its content has in the file, from 0 to 8 bits (Shannon): code has 5 to 6.5, text 4 to 5, compressed or
    /// encrypted data nearly 8. Null unless it was asked for, or where there is no content.
    /// </summary>
    public double? Entropy { get; internal set; }

    /// <summary>Its content; null unless it was asked for.</summary>
    public byte[]? Content { get; internal set; }

    internal ElfSectionHeader Header => _header;

    /// <summary>Whether its memory has the byte of an address.</summary>
    /// <param name="address">An address, as <see cref="VirtualAddress"/> counts them.</param>
    public bool Contains(ulong address) => VirtualAddress is { } start && address >= start && address - start < Size
        && (Type != ElfSectionTypes.NoBits || (Flags & ElfSectionFlags.ThreadLocal) == 0);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {TypeName} {FlagLetters}".TrimEnd();

    private string? NameOf(uint index) => index == 0 || index >= (uint)_file.SectionHeaders.Length ? null : _file.SectionName((int)index);
}
