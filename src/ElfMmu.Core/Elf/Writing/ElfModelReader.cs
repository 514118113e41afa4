namespace ElfMmu.Elf.Writing;

/// <summary>
/// Makes the model of a file. Symbols, relocations and notes become records where writing them gives their section's bytes back; a section
/// where it doesn't stays bytes. Nothing is read twice, whatever overlaps: O(file) at most.
/// </summary>
internal sealed class ElfModelReader(ElfFile file)
{
    // Smaller gaps are looked at, and forgotten if they are zero.
    private const ulong SmallGap = 64 * 1024;

    private readonly ElfModel _model = new() { AddsTables = false };
    private readonly IElfInput _input = file.Input;
    private ulong _budget = file.Input.Length;

    public ElfModel Read()
    {
        ElfHeader header = file.Header;
        if (file.IsLoaded)
        {
            throw new ElfMmuException("ElfNotWhole", ErrorKind.InvalidArgument,
                $"{_input.Name}: an image in memory has no sections and no gaps to write; name a file.") { Path = _input.Name };
        }

        CheckTable("program", header.ProgramHeaderCount, file.ProgramHeaders.Length, header.ProgramHeaderOffset);
        CheckTable("section", header.SectionHeaderOffset == 0 ? 0 : header.SectionHeaderCount, file.SectionHeaders.Length, header.SectionHeaderOffset);
        ReadHeader(header);
        ReadSegments();
        ReadSections();
        ReadSymbols();
        ReadNotes();
        FindGaps();
        CheckHeader();
        return _model;
    }

    private void CheckTable(string kind, ulong count, int there, ulong offset)
    {
        if ((ulong)there != count)
        {
            throw new ElfMmuException("ElfNotWhole", ErrorKind.InvalidData,
                $"{_input.Name}: of the {count} {kind} headers at 0x{offset:x} {there} are in the file, which ends at 0x{_input.Length:x}; get a complete copy.")
            {
                Path = _input.Name,
                Offset = offset,
            };
        }
    }

    private void ReadHeader(ElfHeader header)
    {
        _model.Class = header.Class;
        _model.Data = header.Data;
        _model.OsAbi = header.OsAbi;
        _model.AbiVersion = header.AbiVersion;
        _model.Type = header.Type;
        _model.Machine = header.Machine;
        _model.Flags = header.Flags;
        _model.EntryPoint = header.EntryPoint;
        _model.ProgramHeaderOffset = header.ProgramHeaderOffset;
        _model.SectionHeaderOffset = header.SectionHeaderOffset == 0 ? null : header.SectionHeaderOffset;
        _model.HeaderExtras = new ElfHeaderExtras
        {
            IdentVersion = header.IdentVersion,
            IdentPadding = [.. header.IdentPadding],
            Version = header.Version,
            HeaderSize = header.HeaderSize,
            ProgramHeaderEntrySize = header.ProgramHeaderEntrySize,
            SectionHeaderEntrySize = header.SectionHeaderEntrySize,
        };
    }

    private void ReadSegments()
    {
        foreach (ElfProgramHeader segment in file.ProgramHeaders)
        {
            _model.Segments.Add(new ElfModelSegment(segment.Type, segment.Flags)
            {
                Offset = segment.Offset,
                VirtualAddress = segment.VirtualAddress,
                PhysicalAddress = segment.PhysicalAddress,
                FileSize = segment.FileSize,
                MemorySize = segment.MemorySize,
                Alignment = segment.Alignment,
            });
        }
    }

    private void ReadSections()
    {
        ReadOnlySpan<ElfSectionHeader> headers = file.SectionHeaders;
        if (headers.Length == 0)
        {
            _model.HeaderExtras = _model.HeaderExtras with { SectionNameIndex = file.Header.SectionNameIndex };
            return;
        }

        _model.NullSection = headers[0];
        for (int i = 1; i < headers.Length; i++)
        {
            ElfSectionHeader header = headers[i];
            var section = new ElfModelSection(file.SectionName(i), header.Type)
            {
                Flags = header.Flags,
                Address = header.Address,
                Alignment = header.Alignment,
                EntrySize = header.EntrySize,
                Offset = header.Offset,
                NameOffset = header.NameOffset,
                Link = header.Link,
                Info = header.Info,
            };
            ulong there = !section.HasContent || header.Offset > _input.Length ? 0 : Math.Min(header.Size, _input.Length - header.Offset);
            section.Source = new ElfContent(_input, there == 0 ? 0 : header.Offset, there);
            if (there != header.Size)
            {
                section.Size = header.Size;
            }

            _model.Sections.Add(section);
        }

        for (int i = 1; i < headers.Length; i++)
        {
            ElfModelSection section = _model.Sections[i - 1];
            section.LinkedSection = Section(headers[i].Link);
            bool isInfoSection = headers[i].Type is ElfSectionTypes.Rel or ElfSectionTypes.Rela
                || (headers[i].Flags & ElfSectionFlags.InfoLink) != 0;
            section.InfoSection = isInfoSection ? Section(headers[i].Info) : null;
        }

        _model.SectionNames = Section(file.Header.SectionNameIndex);
        if (_model.SectionNames is null || !_model.SectionNames.HasContent)
        {
            _model.SectionNames = null;
            _model.HeaderExtras = _model.HeaderExtras with { SectionNameIndex = file.Header.SectionNameIndex };
        }
    }

    private ElfModelSection? Section(uint index) => index != 0 && index <= (uint)_model.Sections.Count ? _model.Sections[(int)index - 1] : null;

    private bool MayRead(ElfModelSection section)
    {
        ulong size = section.Source.Length;
        if (size == 0 || size != section.Size || size > ElfFile.MostBytes || size > _budget)
        {
            return false;
        }

        _budget -= size;
        return true;
    }

    private void ReadSymbols()
    {
        ElfModelSection? table = _model.Sections.Find(s => s.Type == ElfSectionTypes.SymTab);
        if (table?.LinkedSection is not { } names || !names.HasContent || !MayRead(table) || !MayRead(names))
        {
            return;
        }

        ElfModelSection? far = _model.Sections.Find(s => s.Type == ElfSectionTypes.SymTabIndices && s.LinkedSection == table);
        if (far is not null && !MayRead(far))
        {
            return;
        }

        byte[] bytes = table.Source.ToArray();
        byte[] indices = far?.Source.ToArray() ?? [];
        byte[] strings = names.Source.ToArray();
        var texts = new ElfStrings(strings);
        List<ElfModelSymbol> symbols = ElfSymbolTableCode.Decode(bytes, indices, _model.Class, _model.Data, texts, _model.Sections);
        List<ElfModelSymbol> ordered = ElfSymbolTableCode.Order(symbols, out uint firstGlobal);
        if (texts.HasCut || !CanKeep(table, far, bytes, indices, strings, ordered, firstGlobal))
        {
            return;
        }

        names.Content = strings;
        _model.Symbols.AddRange(symbols);
        table.Content = default;
        if (far is not null)
        {
            far.Content = default;
        }

        ReadRelocations(table, symbols);
    }

    private bool CanKeep(
        ElfModelSection table, ElfModelSection? far, byte[] bytes, byte[] indices, byte[] strings, List<ElfModelSymbol> ordered, uint firstGlobal)
    {
        if (ordered.Count == 0 || table.InfoSection is not null || table.Info != firstGlobal)
        {
            return false;
        }

        var numbers = new Dictionary<ElfModelSection, uint>(ReferenceEqualityComparer.Instance);
        foreach (ElfModelSection section in _model.Sections)
        {
            numbers.Add(section, (uint)numbers.Count + 1);
        }

        var builder = new ElfStringTableBuilder(strings, shares: false);
        if (far is null && numbers.Count >= ElfHeader.ReservedSectionIndex && ordered.Exists(s => s.Section is not null && numbers[s.Section] >= ElfHeader.ReservedSectionIndex))
        {
            return false;
        }

        (byte[] again, byte[] indicesAgain) = ElfSymbolTableCode.Encode(
            ordered, _model.Class, _model.Data, [.. ordered.Select(s => s.NameOffset!.Value)], numbers, far is not null);
        return again.AsSpan().SequenceEqual(bytes) && indicesAgain.AsSpan().SequenceEqual(indices)
            && ordered.TrueForAll(s => builder.Has(s.NameOffset!.Value, s.Name));
    }

    private void ReadRelocations(ElfModelSection table, List<ElfModelSymbol> symbols)
    {
        var numbers = new Dictionary<ElfModelSymbol, uint>(ReferenceEqualityComparer.Instance);
        foreach (ElfModelSymbol symbol in symbols)
        {
            numbers.Add(symbol, (uint)numbers.Count + 1);
        }

        var done = new HashSet<(ElfModelSection, uint)>();
        foreach (ElfModelSection section in _model.Sections)
        {
            if (section.Type is not (ElfSectionTypes.Rel or ElfSectionTypes.Rela) || section.LinkedSection != table
                || section.InfoSection is not { } target || (section.Flags & ElfSectionFlags.Compressed) != 0
                || !MayRead(section) || !done.Add((target, section.Type)))
            {
                continue;
            }

            bool withAddend = section.Type == ElfSectionTypes.Rela;
            byte[] bytes = section.Source.ToArray();
            List<ElfModelRelocation>? relocations = ElfRelocationCode.Decode(
                bytes, _model.Class, _model.Data, _model.Machine, withAddend, target, symbols);
            if (relocations is not { Count: > 0 }
                || !ElfRelocationCode.Encode(relocations, _model.Class, _model.Data, _model.Machine, withAddend, numbers).AsSpan().SequenceEqual(bytes))
            {
                continue;
            }

            section.Content = default;
            _model.Relocations.AddRange(relocations);
        }
    }

    private void ReadNotes()
    {
        foreach (ElfModelSection section in _model.Sections)
        {
            if (section.Type != ElfSectionTypes.Note || (section.Flags & ElfSectionFlags.Compressed) != 0 || !MayRead(section))
            {
                continue;
            }

            byte[] bytes = section.Source.ToArray();
            int alignment = ElfNoteCode.Alignment(section);
            List<ElfModelNote>? notes = ElfNoteCode.Decode(bytes, _model.Class, _model.Data, alignment, section);
            if (notes is { Count: > 0 } && ElfNoteCode.Encode(notes, _model.Class, _model.Data, alignment).AsSpan().SequenceEqual(bytes))
            {
                section.Content = default;
                _model.Notes.AddRange(notes);
            }
        }
    }

    // What no header and no section claims. Sections have no content any more where records have replaced it: their headers tell the range.
    private void FindGaps()
    {
        var claims = new List<(ulong Start, ulong End)>
        {
            (0, (ulong)ElfEncoder.HeaderSize(_model.Class)),
        };
        void Claim(ulong start, ulong size)
        {
            if (start < _input.Length && size > 0)
            {
                claims.Add((start, start + Math.Min(size, _input.Length - start)));
            }
        }

        Claim(file.Header.ProgramHeaderOffset, (ulong)file.ProgramHeaders.Length * (ulong)ElfEncoder.ProgramHeaderSize(_model.Class));
        Claim(file.Header.SectionHeaderOffset, (ulong)file.SectionHeaders.Length * (ulong)ElfEncoder.SectionHeaderSize(_model.Class));
        for (int i = 1; i < file.SectionHeaders.Length; i++)
        {
            if (_model.Sections[i - 1].HasContent)
            {
                Claim(file.SectionHeaders[i].Offset, file.SectionHeaders[i].Size);
            }
        }

        claims.Sort();
        ulong at = 0;
        foreach ((ulong start, ulong end) in claims)
        {
            Gap(at, start);
            at = Math.Max(at, end);
        }

        Gap(at, _input.Length);
    }

    private void Gap(ulong start, ulong end)
    {
        if (start >= end)
        {
            return;
        }

        ulong size = end - start;
        if (size <= SmallGap && end != _input.Length)
        {
            byte[] bytes = new byte[size];
            _input.Read(start, bytes);
            if (!bytes.AsSpan().ContainsAnyExcept((byte)0))
            {
                return;
            }

            _model.Pieces.Add(new ElfModelPiece(start, bytes));
            return;
        }

        _model.Pieces.Add(new ElfModelPiece(start, new ElfContent(_input, start, size)));
    }

    // A header may count in two ways, and say what no writer would say: then the model would write another one.
    private void CheckHeader()
    {
        ElfModelLayout layout = ElfModelLayout.Make(_model);
        foreach (ElfPlacement placement in layout.Placements)
        {
            if (!placement.IsHeader)
            {
                continue;
            }

            byte[] bytes = new byte[placement.Content.Length];
            if (placement.End <= _input.Length)
            {
                _input.Read(placement.Offset, bytes);
            }

            if (placement.End > _input.Length || !bytes.AsSpan().SequenceEqual(placement.Content.Memory.Span))
            {
                throw new ElfMmuException("ElfModelCantHold", ErrorKind.InvalidData,
                    $"{_input.Name}: {placement.What} at 0x{placement.Offset:x} contradicts itself, and a model would be written with another; " +
                    "repair the header, or copy the file as it is.")
                {
                    Path = _input.Name,
                    Offset = placement.Offset,
                };
            }
        }
    }
}
