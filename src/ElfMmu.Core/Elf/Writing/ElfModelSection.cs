namespace ElfMmu.Elf.Writing;

/// <summary>One section of a model. What isn't set is found by the layout.</summary>
public sealed class ElfModelSection
{
    private ElfContent _content = new(ReadOnlyMemory<byte>.Empty);
    private ulong? _size;

    /// <summary>Makes a section.</summary>
    /// <param name="name">Its name, without a NUL.</param>
    /// <param name="type">What it is (sh_type); see <see cref="ElfSectionTypes"/>.</param>
    public ElfModelSection(string name = "", uint type = ElfSectionTypes.ProgBits)
    {
        Name = name;
        Type = type;
    }

    /// <summary>Its name.</summary>
    public string Name { get; set; }

    /// <summary>What it is (sh_type).</summary>
    public uint Type { get; set; }

    /// <summary>Its attributes (sh_flags); see <see cref="ElfSectionFlags"/>.</summary>
    public ulong Flags { get; set; }

    /// <summary>Its virtual address, or 0 (sh_addr).</summary>
    public ulong Address { get; set; }

    /// <summary>Its alignment in bytes (sh_addralign); 0 and 1 mean none.</summary>
    public ulong Alignment { get; set; } = 1;

    /// <summary>Bytes of one entry, if it is a table (sh_entsize).</summary>
    public ulong EntrySize { get; set; }

    /// <summary>sh_link, where <see cref="LinkedSection"/> is null.</summary>
    public uint Link { get; set; }

    /// <summary>The section whose index is sh_link; null for the number in <see cref="Link"/>.</summary>
    public ElfModelSection? LinkedSection { get; set; }

    /// <summary>sh_info, where <see cref="InfoSection"/> is null; the layout counts it itself for the symbol table.</summary>
    public uint Info { get; set; }

    /// <summary>The section whose index is sh_info; null for the number in <see cref="Info"/>.</summary>
    public ElfModelSection? InfoSection { get; set; }

    /// <summary>Its first byte in the file (sh_offset); null lets the layout choose.</summary>
    public ulong? Offset { get; set; }

    /// <summary>
    /// Its bytes; nothing is written for SHT_NOBITS. The content of the symbol table, and of relocations and notes that the model has
    /// as records, is made by the layout. In a model that was read, they are read from the file when they are asked for.
    /// </summary>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>: reading failed. <c>ElfSectionTooLarge</c>: it has more than
    /// <see cref="ElfFile.MostBytes"/>, which one array can't hold; it can be written nevertheless.</exception>
    public ReadOnlyMemory<byte> Content
    {
        get
        {
            if (!_content.IsLoaded)
            {
                if (_content.Length > ElfFile.MostBytes)
                {
                    throw new ElfMmuException("ElfSectionTooLarge", ErrorKind.LimitsExceeded,
                        $"Section '{Name}' has 0x{_content.Length:x} bytes, and at most 0x{ElfFile.MostBytes:x} are read at once; read it in pieces.");
                }

                _content = new ElfContent(_content.ToArray());
            }

            return _content.Memory;
        }

        set
        {
            _content = new ElfContent(value);
            if (Type != ElfSectionTypes.NoBits)
            {
                _size = null;
            }
        }
    }

    /// <summary>Its size in bytes (sh_size): that of <see cref="Content"/> unless another was set, as SHT_NOBITS needs.</summary>
    public ulong Size
    {
        get => _size ?? _content.Length;
        set => _size = value;
    }

    /// <summary>Where its name was in the table of names; used again while the table says the same there.</summary>
    internal uint? NameOffset { get; set; }

    /// <summary>Whether it has bytes in the file.</summary>
    internal bool HasContent => Type is not (ElfSectionTypes.Null or ElfSectionTypes.NoBits);

    /// <summary>Whether it is thread-local and has no bytes: such a section takes no addresses of its own.</summary>
    internal bool IsThreadLocalZero => Type == ElfSectionTypes.NoBits && (Flags & ElfSectionFlags.ThreadLocal) != 0;

    /// <summary>Its bytes, wherever they are.</summary>
    internal ElfContent Source
    {
        get => _content;
        set => _content = value;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal ElfModelSection CloneAlone()
    {
        var clone = (ElfModelSection)MemberwiseClone();
        clone.LinkedSection = null;
        clone.InfoSection = null;
        return clone;
    }
}
