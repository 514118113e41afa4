namespace ElfMmu.Elf.Writing;

/// <summary>
/// The sections of a file to be: a model's own and those the layout adds, with the contents that are made from symbols, relocations, notes
/// and names. O(everything).
/// </summary>
internal sealed class ElfModelTables
{
    private readonly ElfModel _model;
    private readonly Dictionary<ElfModelSection, uint> _indices = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ElfModelSymbol, uint> _symbolIndices = new(ReferenceEqualityComparer.Instance);

    public ElfModelTables(ElfModel model)
    {
        _model = model;
        foreach (ElfModelSection section in model.Sections)
        {
            if (!_indices.TryAdd(section, (uint)Sections.Count + 1))
            {
                throw Invalid($"Section '{section.Name}' is in Sections twice; add it once.");
            }

            Sections.Add(new ElfPlacedSection(section));
        }

        ElfPlacedSection? symbols = FindSymbolTable();
        AddRelocations(symbols);
        AddNotes();
        if (symbols is not null)
        {
            FillSymbolTable(symbols);
        }

        ResolveLinks();
        FillNames();
    }

    public List<ElfPlacedSection> Sections { get; } = [];

    /// <summary>Where each section's name is in the table of names.</summary>
    public List<uint> NameOffsets { get; } = [];

    public ElfPlacedSection Find(ElfModelSection section, string what) => _indices.TryGetValue(section, out uint index)
        ? Sections[(int)index - 1]
        : throw Invalid($"{what} names section '{section.Name}', which isn't one of the model's; add it to Sections.");

    public uint IndexOf(ElfModelSection? section) => section is null ? 0 : _indices[section];

    private static ElfMmuException Invalid(string message) => new("ElfModelInvalid", ErrorKind.InvalidArgument, message);

    private ElfPlacedSection Add(ElfModelSection section)
    {
        var placed = new ElfPlacedSection(section);
        Sections.Add(placed);
        _indices.Add(section, (uint)Sections.Count);
        return placed;
    }

    private ElfPlacedSection? FindSymbolTable()
    {
        if (_model.Symbols.Count == 0 && !_model.Relocations.Exists(r => r.Symbol is not null))
        {
            return null;
        }

        ElfPlacedSection? found = Sections.Find(s => s.Section.Type == ElfSectionTypes.SymTab);
        if (found is null && !_model.AddsTables)
        {
            throw Invalid("The model has symbols, but no section of type SHT_SYMTAB, and AddsTables is false; add the section or set AddsTables.");
        }

        return found ?? Add(new ElfModelSection(".symtab", ElfSectionTypes.SymTab)
        {
            Alignment = _model.Class == ElfClass.Elf64 ? 8ul : 4,
            EntrySize = (ulong)ElfSymbolTableCode.EntrySize(_model.Class),
        });
    }

    private void AddRelocations(ElfPlacedSection? symbols)
    {
        if (_model.Relocations.Count == 0)
        {
            return;
        }

        List<ElfModelSymbol> ordered = ElfSymbolTableCode.Order(_model.Symbols, out _);
        for (int i = 0; i < ordered.Count; i++)
        {
            if (!_symbolIndices.TryAdd(ordered[i], (uint)i + 1))
            {
                throw Invalid($"Symbol '{ordered[i].Name}' is in Symbols twice; add it once.");
            }
        }

        var tables = new Dictionary<(ElfModelSection, bool), ElfPlacedSection>();
        foreach (ElfPlacedSection section in Sections)
        {
            if (section.Section is { Type: ElfSectionTypes.Rel or ElfSectionTypes.Rela, InfoSection: { } target } && section.Section.Source.Length == 0)
            {
                tables.TryAdd((target, section.Section.Type == ElfSectionTypes.Rela), section);
            }
        }

        foreach (var group in _model.Relocations.GroupBy(r => (r.Section, r.Addend is not null)))
        {
            (ElfModelSection target, bool withAddend) = group.Key;
            Find(target, "A relocation");
            if (!tables.TryGetValue(group.Key, out ElfPlacedSection? table))
            {
                table = Add(new ElfModelSection((withAddend ? ".rela" : ".rel") + target.Name,
                    withAddend ? ElfSectionTypes.Rela : ElfSectionTypes.Rel)
                {
                    Flags = ElfSectionFlags.InfoLink,
                    Alignment = _model.Class == ElfClass.Elf64 ? 8ul : 4,
                    EntrySize = (ulong)ElfRelocationCode.EntrySize(_model.Class, withAddend),
                    InfoSection = target,
                    LinkedSection = symbols?.Section,
                });
            }

            table.Set(ElfRelocationCode.Encode([.. group], _model.Class, _model.Data, _model.Machine, withAddend, _symbolIndices));
        }
    }

    private void AddNotes()
    {
        foreach (var group in _model.Notes.GroupBy(n => n.Section))
        {
            ElfPlacedSection section = Find(group.Key, "A note");
            section.Set(ElfNoteCode.Encode([.. group], _model.Class, _model.Data, ElfNoteCode.Alignment(group.Key)));
        }
    }

    private void FillSymbolTable(ElfPlacedSection table)
    {
        List<ElfModelSymbol> ordered = ElfSymbolTableCode.Order(_model.Symbols, out uint firstGlobal);
        ElfModelSection? namesSection = table.Section.LinkedSection;
        ElfPlacedSection names = namesSection is not null
            ? Find(namesSection, "The symbol table")
            : Add(new ElfModelSection(".strtab", ElfSectionTypes.StrTab));
        uint last = (uint)Sections.Count;
        ElfPlacedSection? indices = Sections.Find(s =>
            s.Section.Type == ElfSectionTypes.SymTabIndices && s.Section.LinkedSection == table.Section);
        if (indices is null && _model.AddsTables && ElfSymbolTableCode.NeedsIndices(last))
        {
            indices = Add(new ElfModelSection(".symtab_shndx", ElfSectionTypes.SymTabIndices)
            {
                Alignment = 4,
                EntrySize = 4,
                LinkedSection = table.Section,
            });
        }

        uint[] nameOffsets = Name(names, ordered, s => s.Name, s => s.NameOffset);
        (byte[] bytes, byte[] far) = ElfSymbolTableCode.Encode(
            ordered, _model.Class, _model.Data, nameOffsets, _indices, indices is not null);
        table.Set(bytes);
        table.Info = firstGlobal;
        table.Link = _indices[names.Section];
        indices?.Set(far);
    }

    // A table of names that isn't in memory yet is read once, for the names to be looked up in it.
    private static ReadOnlyMemory<byte> Seed(ElfPlacedSection names) => names.Content.IsLoaded ? names.Content.Memory : names.Section.Content;

    private void ResolveLinks()
    {
        foreach (ElfPlacedSection placed in Sections)
        {
            ElfModelSection section = placed.Section;
            if (section.LinkedSection is not null)
            {
                Find(section.LinkedSection, $"sh_link of section '{section.Name}'");
                placed.Link = _indices[section.LinkedSection];
            }

            if (section.InfoSection is not null)
            {
                Find(section.InfoSection, $"sh_info of section '{section.Name}'");
                placed.Info = _indices[section.InfoSection];
            }
        }
    }

    private void FillNames()
    {
        ElfModelSection? section = _model.SectionNames;
        if (section is null && !_model.AddsTables)
        {
            NameOffsets.AddRange(Sections.Select(s => s.Section.NameOffset ?? 0));
            return;
        }

        if (section is null && Sections.Count == 0)
        {
            return;
        }

        ElfPlacedSection names = section is null ? Add(new ElfModelSection(".shstrtab", ElfSectionTypes.StrTab)) : Find(section, "SectionNames");
        Names = names.Section;
        NameOffsets.AddRange(Name(names, Sections, s => s.Section.Name, s => s.Section.NameOffset));
    }

    // Puts names into a table, but for those that are in it where they were, and tells where each is.
    private uint[] Name<T>(ElfPlacedSection table, List<T> items, Func<T, string> name, Func<T, uint?> known)
    {
        var strings = new ElfStringTableBuilder(Seed(table), _model.SharesNames);
        bool[] isNew = new bool[items.Count];
        for (int i = 0; i < isNew.Length; i++)
        {
            isNew[i] = known(items[i]) is not { } at || !strings.Has(at, name(items[i]));
            if (isNew[i])
            {
                strings.Add(name(items[i]));
            }
        }

        if (table.Content.Length == 0 || isNew.Contains(true))
        {
            table.Set(strings.Build());
        }

        uint[] offsets = new uint[items.Count];
        for (int i = 0; i < offsets.Length; i++)
        {
            offsets[i] = isNew[i] ? strings[name(items[i])] : known(items[i])!.Value;
        }

        return offsets;
    }

    /// <summary>The section of section names; null for none.</summary>
    public ElfModelSection? Names { get; private set; }
}
