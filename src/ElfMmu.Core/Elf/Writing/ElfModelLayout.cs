namespace ElfMmu.Elf.Writing;

/// <summary>
/// Where everything of a model goes: what has an offset keeps it; the rest follows behind, in order: program headers right behind the ELF
/// header, sections of a segment at their addresses' distance from its start, others at their alignment, the section headers last.
/// O(n log n) in sections, segments and pieces.
/// </summary>
internal sealed class ElfModelLayout
{
    private readonly ElfModel _model;
    private readonly ElfModelTables _tables;
    private readonly ulong _segmentSize;
    private readonly ulong _programHeaders;
    private readonly Dictionary<ElfModelSegment, (ulong Offset, ulong Address)> _bases = new(ReferenceEqualityComparer.Instance);
    private ulong? _headersAddress;
    private ulong _end;
    private ulong _sectionHeaders;

    private ElfModelLayout(ElfModel model)
    {
        _model = model;
        if (model.Class is not (ElfClass.Elf32 or ElfClass.Elf64) || model.Data is not (ElfData.LittleEndian or ElfData.BigEndian))
        {
            throw Invalid($"The model's class is {(byte)model.Class} and its byte order {(byte)model.Data}, and only 1 and 2 exist of each.");
        }

        _tables = new ElfModelTables(model);
        ulong header = (ulong)ElfEncoder.HeaderSize(model.Class);
        _segmentSize = (ulong)model.Segments.Count * (ulong)ElfEncoder.ProgramHeaderSize(model.Class);
        _programHeaders = model.ProgramHeaderOffset ?? (model.Segments.Count > 0 ? header : 0);
        _end = Math.Max(header, model.Segments.Count > 0 ? Add(_programHeaders, _segmentSize) : 0);
        PlaceSections();
        PlaceHeaders();
    }

    /// <summary>All bytes that aren't zero, sorted by offset.</summary>
    public List<ElfPlacement> Placements { get; } = [];

    public static ElfModelLayout Make(ElfModel model) => new(model);

    private static ElfMmuException Invalid(string message) => new("ElfModelInvalid", ErrorKind.InvalidArgument, message);

    private static ulong Add(ulong a, ulong b) => a <= ulong.MaxValue - b ? a + b : throw new ElfMmuException(
        "ElfValueTooLarge", ErrorKind.InvalidArgument, $"0x{a:x} and 0x{b:x} bytes are more than a file can have; correct an offset or a size.");

    private static ulong Up(ulong value, ulong alignment) =>
        alignment <= 1 || value % alignment == 0 ? value : Add(value, alignment - (value % alignment));

    private void PlaceSections()
    {
        bool hasHeaders = _tables.Sections.Count > 0 || _model.SectionHeaderOffset is not null;
        ulong headers = hasHeaders ? ((ulong)_tables.Sections.Count + 1) * (ulong)ElfEncoder.SectionHeaderSize(_model.Class) : 0;
        if (_model.SectionHeaderOffset is { } fixedHeaders)
        {
            _end = Math.Max(_end, Add(fixedHeaders, headers));
        }

        foreach (ElfModelPiece piece in _model.Pieces)
        {
            _end = Math.Max(_end, Add(piece.Offset, piece.Size));
        }

        foreach (ElfPlacedSection placed in _tables.Sections)
        {
            if (placed.Section.Offset is { } offset)
            {
                placed.Offset = offset;
                placed.IsPlaced = true;
                if (placed.Section.HasContent)
                {
                    _end = Math.Max(_end, Add(offset, placed.Content.Length));
                }
            }
        }

        var loads = new Dictionary<ElfModelSection, ElfModelSegment>(ReferenceEqualityComparer.Instance);
        foreach (ElfModelSegment segment in _model.Segments.Where(s => s.Type == ElfSegmentType.Load))
        {
            foreach (ElfModelSection section in segment.Sections)
            {
                loads.TryAdd(section, segment);
            }
        }

        foreach (ElfPlacedSection placed in _tables.Sections.Where(s => !s.IsPlaced))
        {
            placed.Offset = loads.TryGetValue(placed.Section, out ElfModelSegment? segment)
                ? InSegment(placed, segment)
                : Up(_end, placed.Section.HasContent ? placed.Section.Alignment : 1);
            placed.IsPlaced = true;
            if (placed.Section.HasContent)
            {
                _end = Math.Max(_end, Add(placed.Offset, placed.Content.Length));
            }
        }

        _sectionHeaders = !hasHeaders ? 0 : _model.SectionHeaderOffset ?? Up(_end, _model.Class == ElfClass.Elf64 ? 8ul : 4);
    }

    // Within a segment, distance in the file is distance in memory; the first section decides where the segment starts.
    private ulong InSegment(ElfPlacedSection placed, ElfModelSegment segment)
    {
        ElfModelSection section = placed.Section;
        if (!_bases.TryGetValue(segment, out (ulong Offset, ulong Address) start))
        {
            start = Start(section, segment);
            _bases.Add(segment, start);
        }

        if (!section.HasContent)
        {
            return _end;
        }

        ulong offset = start.Offset + (section.Address - start.Address);
        if (section.Address < start.Address || offset < _end)
        {
            throw new ElfMmuException("ElfSectionsOutOfOrder", ErrorKind.InvalidArgument,
                $"Section '{section.Name}' at address 0x{section.Address:x} would be at offset 0x{offset:x} of the file, where 0x{_end:x} is the next free " +
                "one; sort sections by address, keep them apart, and leave room for headers that are loaded with them.");
        }

        return offset;
    }

    private (ulong Offset, ulong Address) Start(ElfModelSection first, ElfModelSegment segment)
    {
        ulong alignment = Math.Max(1, Alignment(segment));
        if (segment.IncludesHeaders)
        {
            ulong address = segment.VirtualAddress
                ?? (first.Address < _end ? 0 : (first.Address - _end) / alignment * alignment);
            return (segment.Offset ?? 0, address);
        }

        ulong start = segment.VirtualAddress ?? first.Address;
        if (segment.Offset is { } fixedOffset)
        {
            return (fixedOffset, start);
        }

        ulong wanted = start % alignment;
        ulong have = _end % alignment;
        return (Add(_end, (wanted + alignment - have) % alignment), start);
    }

    private ulong Alignment(ElfModelSegment segment) => segment.Alignment
        ?? (segment.Type == ElfSegmentType.Load ? 0x1000 : segment.Sections.Select(s => s.Alignment).DefaultIfEmpty(1ul).Max());

    private ElfProgramHeader Header(ElfModelSegment segment)
    {
        ulong offset = 0, address = 0, file = 0, memory = 0;
        if (segment.Type == ElfSegmentType.ProgramHeaderTable && segment.Sections.Count == 0)
        {
            (offset, file, memory) = (_programHeaders, _segmentSize, _segmentSize);
            address = _headersAddress ??= HeadersAddress();
        }
        else if (segment.Sections.Count > 0 || segment.IncludesHeaders)
        {
            Measure(segment, out offset, out address, out file, out memory);
        }

        ulong virtualAddress = segment.VirtualAddress ?? address;
        return new ElfProgramHeader
        {
            Type = segment.Type,
            Flags = segment.Flags,
            Offset = segment.Offset ?? offset,
            VirtualAddress = virtualAddress,
            PhysicalAddress = segment.PhysicalAddress ?? virtualAddress,
            FileSize = segment.FileSize ?? file,
            MemorySize = segment.MemorySize ?? memory,
            Alignment = Alignment(segment),
        };
    }

    // Where the program headers are in memory. It is found once, for a file may have a hundred thousand PT_PHDRs.
    private ulong HeadersAddress() =>
        _model.Segments.Find(s => s.IncludesHeaders && s.Type == ElfSegmentType.Load) is { } around ? Header(around).VirtualAddress + _programHeaders : 0;

    private void Measure(ElfModelSegment segment, out ulong offset, out ulong address, out ulong file, out ulong memory)
    {
        List<ElfPlacedSection> sections = segment.Sections.ConvertAll(s => _tables.Find(s, "A segment"));
        if (_bases.TryGetValue(segment, out (ulong Offset, ulong Address) start))
        {
            (offset, address) = start;
        }
        else if (segment.IncludesHeaders)
        {
            (offset, address) = (0, segment.VirtualAddress ?? 0);
        }
        else
        {
            (offset, address) = (sections[0].Offset, segment.VirtualAddress ?? sections[0].Section.Address);
        }

        ulong fileEnd = segment.IncludesHeaders
            ? Math.Max((ulong)ElfEncoder.HeaderSize(_model.Class), _programHeaders + _segmentSize)
            : offset;
        ulong memoryEnd = address + (fileEnd - offset);
        bool isThreadLocal = segment.Type == ElfSegmentType.ThreadLocalStorage;
        foreach (ElfPlacedSection placed in sections)
        {
            if (placed.Section.HasContent)
            {
                fileEnd = Math.Max(fileEnd, placed.End);
            }

            if (isThreadLocal || !placed.Section.IsThreadLocalZero)
            {
                memoryEnd = Math.Max(memoryEnd, Add(placed.Section.Address, placed.Size));
            }
        }

        file = fileEnd - offset;
        bool isAllocated = sections.Count == 0 || sections.Exists(s => (s.Section.Flags & ElfSectionFlags.Alloc) != 0);
        memory = isAllocated ? Math.Max(file, memoryEnd - address) : 0;
    }

    private void PlaceHeaders()
    {
        ElfHeaderExtras extras = _model.HeaderExtras;
        uint names = extras.SectionNameIndex ?? _tables.IndexOf(_tables.Names);
        bool hasSections = _sectionHeaders != 0;
        var layout = new ElfLayout
        {
            Class = _model.Class,
            Data = _model.Data,
            OsAbi = _model.OsAbi,
            AbiVersion = _model.AbiVersion,
            Type = _model.Type,
            Machine = _model.Machine,
            Flags = _model.Flags,
            EntryPoint = _model.EntryPoint,
            ProgramHeaderOffset = _programHeaders,
            ProgramHeaderCount = (ulong)_model.Segments.Count,
            SectionHeaderOffset = _sectionHeaders,
            SectionHeaderCount = hasSections ? (ulong)_tables.Sections.Count + 1 : 0,
            SectionNameIndex = names,
        };
        if (layout.NeedsSectionZero && !hasSections)
        {
            // Only section 0 can hold the count of that many segments (PN_XNUM).
            _sectionHeaders = Up(_end, _model.Class == ElfClass.Elf64 ? 8ul : 4);
            layout = layout with { SectionHeaderOffset = _sectionHeaders, SectionHeaderCount = 1 };
            hasSections = true;
        }

        byte[] header = new byte[ElfEncoder.HeaderSize(_model.Class)];
        ElfEncoder.WriteHeader(header, layout);
        Patch(header, layout, extras);
        Put(0, header, "the ELF header");
        PutProgramHeaders();
        if (hasSections)
        {
            PutSectionHeaders(layout);
        }

        foreach (ElfPlacedSection placed in _tables.Sections)
        {
            if (placed.Section.HasContent && placed.Content.Length > 0)
            {
                Placements.Add(new ElfPlacement(placed.Offset, placed.Content, $"section '{placed.Section.Name}'"));
            }
        }

        foreach (ElfModelPiece piece in _model.Pieces)
        {
            if (piece.Size > 0)
            {
                Placements.Add(new ElfPlacement(piece.Offset, piece.Source, $"the piece at 0x{piece.Offset:x}"));
            }
        }

        Placements.Sort((a, b) => a.Offset.CompareTo(b.Offset));
    }

    private void Put(ulong offset, byte[] bytes, string what) => Placements.Add(new ElfPlacement(offset, new ElfContent(bytes), what, IsHeader: true));

    // What the encoder writes alike in every file, as this one is to have it.
    private void Patch(byte[] header, in ElfLayout layout, ElfHeaderExtras extras)
    {
        header[6] = extras.IdentVersion;
        extras.IdentPadding.CopyTo(header, 9);
        var record = default(ElfHeaderRecord);
        var reader = new ElfFieldReader(header.AsSpan(ElfRecords.IdentSize), _model.Class, _model.Data);
        ElfRecords.Header(ref reader, ref record);
        record.Version = extras.Version;
        record.HeaderSize = extras.HeaderSize ?? record.HeaderSize;
        record.ProgramHeaderEntrySize = extras.ProgramHeaderEntrySize ?? (layout.ProgramHeaderCount == 0 ? (ushort)0 : record.ProgramHeaderEntrySize);
        record.SectionHeaderEntrySize = extras.SectionHeaderEntrySize ?? (layout.SectionHeaderCount == 0 ? (ushort)0 : record.SectionHeaderEntrySize);
        var writer = new ElfFieldWriter(header.AsSpan(ElfRecords.IdentSize), _model.Class, _model.Data);
        ElfRecords.Header(ref writer, ref record);
    }

    private void PutProgramHeaders()
    {
        if (_model.Segments.Count == 0)
        {
            return;
        }

        int size = ElfEncoder.ProgramHeaderSize(_model.Class);
        byte[] bytes = new byte[checked(_model.Segments.Count * size)];
        for (int i = 0; i < _model.Segments.Count; i++)
        {
            ElfEncoder.WriteProgramHeader(bytes.AsSpan(i * size), _model.Class, _model.Data, Header(_model.Segments[i]));
        }

        Put(_programHeaders, bytes, "the program headers");
    }

    private void PutSectionHeaders(in ElfLayout layout)
    {
        int size = ElfEncoder.SectionHeaderSize(_model.Class);
        byte[] bytes = new byte[checked((_tables.Sections.Count + 1) * size)];
        ElfSectionHeader zero = _model.NullSection;
        ElfEncoder.WriteSectionHeader(bytes, _model.Class, _model.Data, zero with
        {
            Size = layout.SectionHeaderCount >= ElfHeader.ReservedSectionIndex ? layout.SectionHeaderCount : zero.Size,
            Link = layout.SectionNameIndex >= ElfHeader.ReservedSectionIndex ? layout.SectionNameIndex : zero.Link,
            Info = layout.ProgramHeaderCount >= ElfHeader.ExtendedProgramHeaderCount ? (uint)layout.ProgramHeaderCount : zero.Info,
        });
        for (int i = 0; i < _tables.Sections.Count; i++)
        {
            ElfPlacedSection placed = _tables.Sections[i];
            ElfModelSection section = placed.Section;
            ElfEncoder.WriteSectionHeader(bytes.AsSpan((i + 1) * size), _model.Class, _model.Data, new ElfSectionHeader
            {
                NameOffset = _tables.NameOffsets[i],
                Type = section.Type,
                Flags = section.Flags,
                Address = section.Address,
                Offset = placed.Offset,
                Size = placed.Size,
                Link = placed.Link,
                Info = placed.Info,
                Alignment = section.Alignment,
                EntrySize = section.EntrySize,
            });
        }

        Put(_sectionHeaders, bytes, "the section headers");
    }
}
