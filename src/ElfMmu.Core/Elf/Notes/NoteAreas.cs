namespace ElfMmu.Elf.Notes;

/// <summary>The places of a file that hold notes.</summary>
internal sealed class NoteAreas(ElfFile file)
{
    // Files have one or two; all of them are asked for each note.
    private const int MostSegments = 64;

    private readonly HashSet<ulong> _known = [];
    private HashSet<ulong>? _empty;
    private List<int>? _segments;
    private ulong _left;
    private int _count;

    public IEnumerable<ElfNoteItem> Notes()
    {
        // A sound file has each note in one section and in one segment or two. What is more lies over each other, and reading all of it
        // would take the product of both.
        _left = Math.Min(file.Input.Length, ulong.MaxValue / 4) * 4;
        for (int i = 0; i < file.SectionHeaders.Length; i++)
        {
            ElfSectionHeader section = file.SectionHeaders[i];
            if (ElfNoteItems.IsNote(section))
            {
                foreach (ElfNoteItem item in Read(section.Offset, section.Size, section.Alignment, i, null))
                {
                    yield return item;
                }
            }
        }

        for (int i = 0; i < file.ProgramHeaders.Length; i++)
        {
            ElfProgramHeader segment = file.ProgramHeaders[i];
            if (segment.Type != ElfSegmentType.Note)
            {
                continue;
            }

            ulong offset = segment.Offset;
            ulong size = segment.FileSize;
            if (file.IsLoaded)
            {
                if (!file.TryLocate(segment.VirtualAddress, out offset, out ulong available))
                {
                    file.Diagnostics.Add("NotesNotLoaded",
                        $"Segment {i} has notes at 0x{segment.VirtualAddress:x}, where no segment is loaded; they were left out.");
                    continue;
                }

                size = Math.Min(segment.MemorySize, available);
            }
            else if (IsLeftOut(segment))
            {
                continue;
            }

            foreach (ElfNoteItem item in Read(offset, size, segment.Alignment, null, i))
            {
                yield return item;
            }
        }
    }

    // A file of debugging information keeps the headers of what isn't in it any more.
    private bool IsLeftOut(in ElfProgramHeader segment)
    {
        if (_empty == null)
        {
            _empty = [];
            foreach (ElfSectionHeader section in file.SectionHeaders)
            {
                if (section.Type == ElfSectionTypes.NoBits && section.Size > 0)
                {
                    _empty.Add(section.Address);
                }
            }
        }

        return segment.VirtualAddress != 0 && _empty.Contains(segment.VirtualAddress);
    }

    private IEnumerable<ElfNoteItem> Read(ulong offset, ulong size, ulong alignment, int? section, int? segment)
    {
        string what = section is { } s ? $"Section {s} ('{file.SectionName(s)}')" : $"Segment {segment}";
        ulong there = offset > file.Input.Length ? 0 : Math.Min(size, file.Input.Length - offset);
        if (there < size)
        {
            file.Diagnostics.Add("OutsideFile",
                $"{what} has 0x{size:x} bytes of notes from offset 0x{offset:x} on, and the file ends at 0x{file.Input.Length:x}; 0x{there:x} of them were read.",
                offset, section);
        }

        if (there == 0)
        {
            yield break;
        }

        if (there > ElfNotes.MaxSegmentSize)
        {
            file.Diagnostics.Add("TooLarge",
                $"{what} has 0x{there:x} bytes of notes, more than the 0x{ElfNotes.MaxSegmentSize:x} that are read; the rest was left out.", offset, section);
            there = ElfNotes.MaxSegmentSize;
        }

        if (there > _left)
        {
            file.Diagnostics.Add("NotesOverlap",
                $"The notes up to those of {what} would take more than four times the file's 0x{file.Input.Length:x} bytes, so they lie over each other; it was left out.",
                offset, section);
            yield break;
        }

        _left -= there;
        var header = new ElfProgramHeader { Offset = offset, FileSize = there, Alignment = alignment };
        using IEnumerator<ElfNote> notes = ElfNotes.Enumerate(file.Input, file.Header.Data, header).GetEnumerator();
        while (Next(notes, what, section))
        {
            ElfNote note = notes.Current;
            if (_known.Add(note.Offset))
            {
                yield return new ElfNoteItem(file, note, _count++, section) { SegmentIndex = segment ?? SegmentOf(note.Offset) };
            }
        }
    }

    private bool Next(IEnumerator<ElfNote> notes, string what, int? section)
    {
        try
        {
            return notes.MoveNext();
        }
        catch (ElfMmuException e) when (e.Kind == ErrorKind.InvalidData)
        {
            file.Diagnostics.Add("NotesDamaged", $"{what} has notes that contradict themselves, and those from there on were left out: {e.Message}", e.Offset, section);
            return false;
        }
    }

    private int? SegmentOf(ulong offset)
    {
        if (_segments == null)
        {
            _segments = [];
            for (int i = 0; i < file.ProgramHeaders.Length && _segments.Count < MostSegments; i++)
            {
                if (file.ProgramHeaders[i].Type == ElfSegmentType.Note)
                {
                    _segments.Add(i);
                }
            }
        }

        foreach (int i in _segments)
        {
            ElfProgramHeader segment = file.ProgramHeaders[i];
            if (offset >= segment.Offset && offset - segment.Offset < segment.FileSize)
            {
                return i;
            }
        }

        return null;
    }
}
