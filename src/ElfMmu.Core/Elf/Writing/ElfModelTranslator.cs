namespace ElfMmu.Elf.Writing;

/// <summary>Makes a model of the other byte order. O(bytes of the sections that have numbers).</summary>
internal static class ElfModelTranslator
{
    // A core has a few segments of notes. Each is looked for among all pieces, and splits one: that many take no time yet.
    private const int MostSegments = 4096;

    public static ElfModel Translate(ElfModel model, ElfData data)
    {
        bool isOther = data != model.Data;
        var result = new ElfModel
        {
            Class = model.Class,
            Data = data,
            OsAbi = model.OsAbi,
            AbiVersion = model.AbiVersion,
            Type = model.Type,
            Machine = model.Machine,
            Flags = model.Flags,
            EntryPoint = model.EntryPoint,
            ProgramHeaderOffset = model.ProgramHeaderOffset,
            SectionHeaderOffset = model.SectionHeaderOffset,
            AddsTables = model.AddsTables,
            SharesNames = model.SharesNames,
            HeaderExtras = model.HeaderExtras,
            NullSection = model.NullSection,
        };
        var sections = new Dictionary<ElfModelSection, ElfModelSection>(ReferenceEqualityComparer.Instance);
        foreach (ElfModelSection section in model.Sections)
        {
            ElfModelSection clone = section.CloneAlone();
            if (isOther && section.HasContent && section.Source.Length > 0 && ElfByteOrder.Has(section, model.Machine, model.Class == ElfClass.Elf64))
            {
                byte[] bytes = section.Content.ToArray();
                ElfByteOrder.Swap(bytes, section, model.Class, model.Data, model.Machine);
                clone.Source = new ElfContent(bytes);
            }

            sections.Add(section, clone);
            result.Sections.Add(clone);
        }

        ElfModelSection? Other(ElfModelSection? section) => section is null ? null : sections.GetValueOrDefault(section, section);
        foreach (ElfModelSection section in model.Sections)
        {
            sections[section].LinkedSection = Other(section.LinkedSection);
            sections[section].InfoSection = Other(section.InfoSection);
        }

        result.SectionNames = Other(model.SectionNames);
        foreach (ElfModelSegment segment in model.Segments)
        {
            result.Segments.Add(segment.Clone(s => Other(s)!));
        }

        var symbols = new Dictionary<ElfModelSymbol, ElfModelSymbol>(ReferenceEqualityComparer.Instance);
        foreach (ElfModelSymbol symbol in model.Symbols)
        {
            ElfModelSymbol clone = symbol.CloneAlone();
            clone.Section = Other(symbol.Section);
            symbols.Add(symbol, clone);
            result.Symbols.Add(clone);
        }

        result.Relocations.AddRange(model.Relocations.Select(r => new ElfModelRelocation(
            Other(r.Section)!, r.Offset, r.Type, r.Symbol is null ? null : symbols.GetValueOrDefault(r.Symbol, r.Symbol), r.Addend)));
        result.Notes.AddRange(model.Notes.Select(n => new ElfModelNote(Other(n.Section)!, n.Name, n.Type, Description(n, model, isOther))));
        result.Pieces.AddRange(model.Pieces);
        if (isOther)
        {
            TranslateSegments(model, result);
        }

        return result;
    }

    // The note is turned as a section of its own would be, and its description taken out again.
    private static ReadOnlyMemory<byte> Description(ElfModelNote note, ElfModel model, bool isOther)
    {
        if (!isOther)
        {
            return note.Description;
        }

        int alignment = ElfNoteCode.Alignment(note.Section);
        byte[] bytes = ElfNoteCode.Encode([note], model.Class, model.Data, alignment);
        int padding = (alignment - (note.Description.Length % alignment)) % alignment;
        new ElfChainSwapper(bytes, new ElfWords(model.Class, model.Data)).Notes(alignment);
        return bytes.AsMemory(bytes.Length - padding - note.Description.Length, note.Description.Length);
    }

    // Without sections, segments still tell where notes and the dynamic section are.
    private static void TranslateSegments(ElfModel model, ElfModel result)
    {
        var done = new HashSet<ElfModelPiece>(ReferenceEqualityComparer.Instance);
        List<ElfModelSegment> segments = model.Segments.FindAll(s => s.Type is ElfSegmentType.Note or ElfSegmentType.Dynamic && s.Sections.Count == 0);
        if (segments.Count > MostSegments)
        {
            throw new ElfMmuException("ElfTooManySegments", ErrorKind.LimitsExceeded,
                $"The model has {segments.Count} segments of notes and dynamic entries, and the byte order of at most {MostSegments} is changed; " +
                "remove some from Segments.");
        }

        foreach (ElfModelSegment segment in segments)
        {
            if (segment is not { Offset: { } offset, FileSize: { } size } || size == 0 || size > ElfFile.MostBytes)
            {
                continue;
            }

            int found = result.Pieces.FindIndex(p => offset >= p.Offset && offset - p.Offset < p.Size && size <= p.Size - (offset - p.Offset));
            if (found < 0 || done.Contains(result.Pieces[found]))
            {
                continue;
            }

            ElfModelPiece piece = result.Pieces[found];
            ulong before = offset - piece.Offset;
            byte[] bytes = new byte[size];
            piece.Source.Read(before, bytes);
            uint type = segment.Type == ElfSegmentType.Note ? ElfSectionTypes.Note : ElfSectionTypes.Dynamic;
            ElfByteOrder.Swap(bytes, type, 0, segment.Alignment == 8 ? 8 : 4, model.Class, model.Data, model.Machine);
            var turned = new ElfModelPiece(offset, bytes);
            done.Add(turned);
            result.Pieces.RemoveAt(found);
            result.Pieces.InsertRange(found,
            [
                new ElfModelPiece(piece.Offset, piece.Source.Slice(0, before)),
                turned,
                new ElfModelPiece(offset + size, piece.Source.Slice(before + size, piece.Size - before - size)),
            ]);
        }
    }
}
