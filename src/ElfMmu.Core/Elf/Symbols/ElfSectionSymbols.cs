namespace ElfMmu.Elf.Symbols;

/// <summary>Reads the symbol tables that are in sections, with what belongs to them in others.</summary>
internal sealed class ElfSectionSymbols
{
    private const int KeptStrings = 4;

    private readonly ElfFile _file;
    private readonly Dictionary<uint, int> _sections = [];
    private readonly Dictionary<uint, int> _versions = [];
    private readonly Dictionary<(ulong Offset, ulong Size), ElfStrings> _strings = [];
    private (IReadOnlyList<ElfVersionDefinition> Definitions, IReadOnlyList<ElfVersionNeed> Needs)? _versionNames;
    private ulong _left;

    public ElfSectionSymbols(ElfFile file)
    {
        _file = file;
        _left = file.Input.Length > ulong.MaxValue / 2 ? ulong.MaxValue : file.Input.Length * 2;
        ReadOnlySpan<ElfSectionHeader> sections = file.SectionHeaders;
        for (int i = 0; i < sections.Length; i++)
        {
            switch (sections[i].Type)
            {
                case ElfSectionTypes.SymTabIndices:
                    _sections.TryAdd(sections[i].Link, i);
                    break;
                case ElfSectionTypes.SymbolVersions:
                    _versions.TryAdd(sections[i].Link, i);
                    break;
            }
        }
    }

    public IEnumerable<ElfSymbolTable> Tables()
    {
        for (int i = 0; i < _file.SectionHeaders.Length; i++)
        {
            if (Table(i) is { } table)
            {
                yield return table;
            }
        }
    }

    public ElfSymbolTable? Table(int index)
    {
        if ((uint)index >= (uint)_file.SectionHeaders.Length)
        {
            return null;
        }

        ElfSectionHeader section = _file.SectionHeaders[index];
        bool dynamic = section.Type == ElfSectionTypes.DynSym;
        if (!dynamic && section.Type != ElfSectionTypes.SymTab)
        {
            return null;
        }

        int size = ElfSymbolTable.EntrySize(_file.Header.Class);
        if (section.EntrySize != (ulong)size || section.Size % (ulong)size != 0)
        {
            _file.Diagnostics.Add("SymbolTableEntrySize",
                $"Section {index} ('{_file.SectionName(index)}') has 0x{section.Size:x} bytes of symbols with an sh_entsize of {section.EntrySize}, and a symbol has {size} bytes; {section.Size / (ulong)size} were read.",
                section.Offset, index);
        }

        byte[]? bytes = Content(index);
        if (bytes == null)
        {
            return null;
        }

        ElfStrings strings = Strings(section.Link);
        byte[] numbers = _sections.TryGetValue((uint)index, out int extended) ? Content(extended) ?? [] : [];
        return new ElfSymbolTable(
            _file, _file.SectionName(index), index, section.Offset, bytes, strings, numbers, dynamic ? Versions((uint)index, bytes.Length / size) : null)
        {
            IsDynamic = dynamic,
        };
    }

    private ElfSymbolVersions? Versions(uint symbols, int count)
    {
        if (!_versions.TryGetValue(symbols, out int index) || Content(index) is not { } entries)
        {
            return null;
        }

        if (entries.Length / 2 != count)
        {
            _file.Diagnostics.Add("VersionCount",
                $"Section {index} ('{_file.SectionName(index)}') has the versions of {entries.Length / 2} symbols, and there are {count}; the rest has none.",
                _file.SectionHeaders[index].Offset, index);
        }

        (IReadOnlyList<ElfVersionDefinition> definitions, IReadOnlyList<ElfVersionNeed> needs) = _versionNames ??= VersionNames();
        return new ElfSymbolVersions(_file.Header.Data == ElfData.BigEndian, entries, definitions, needs);
    }

    private (IReadOnlyList<ElfVersionDefinition> Definitions, IReadOnlyList<ElfVersionNeed> Needs) VersionNames()
    {
        IReadOnlyList<ElfVersionDefinition> definitions = [];
        IReadOnlyList<ElfVersionNeed> needs = [];
        bool hasDefinitions = false;
        bool hasNeeds = false;
        for (int i = 0; i < _file.SectionHeaders.Length; i++)
        {
            ElfSectionHeader section = _file.SectionHeaders[i];
            if (section.Type == ElfSectionTypes.VersionDefinitions && !hasDefinitions)
            {
                hasDefinitions = true;
                definitions = new ElfVersionReader(_file, Content(i) ?? [], section.Offset, Strings(section.Link), i).Definitions(section.Info);
            }
            else if (section.Type == ElfSectionTypes.VersionNeeds && !hasNeeds)
            {
                hasNeeds = true;
                needs = new ElfVersionReader(_file, Content(i) ?? [], section.Offset, Strings(section.Link), i).Needs(section.Info);
            }
        }

        return (definitions, needs);
    }

    private ElfStrings Strings(uint section)
    {
        if (section >= (uint)_file.SectionHeaders.Length)
        {
            return _file.Strings((int)Math.Min(section, int.MaxValue));
        }

        ElfSectionHeader header = _file.SectionHeaders[(int)section];
        if (_strings.TryGetValue((header.Offset, header.Size), out ElfStrings? strings))
        {
            return strings;
        }

        strings = Content((int)section) is { } bytes ? new ElfStrings(bytes, _file.Diagnostics, (int)section) : ElfStrings.None;
        if (_strings.Count >= KeptStrings)
        {
            _strings.Clear();
        }

        _strings.Add((header.Offset, header.Size), strings);
        return strings;
    }

    /// <summary>The bytes of a section, unless too much was read already: then the tables lie over each other.</summary>
    private byte[]? Content(int index)
    {
        ElfSectionHeader section = _file.SectionHeaders[index];
        ulong there = section.Type == ElfSectionTypes.NoBits || section.Offset > _file.Input.Length
            ? 0
            : Math.Min(section.Size, _file.Input.Length - section.Offset);
        if (there > _left)
        {
            _file.Diagnostics.Add("SymbolTablesOverlap",
                $"The symbol tables up to section {index} ('{_file.SectionName(index)}') would take more than twice the file's 0x{_file.Input.Length:x} bytes, so they lie over each other; it was left out.",
                section.Offset, index);
            return null;
        }

        _left -= there;
        return _file.Content(index);
    }
}
