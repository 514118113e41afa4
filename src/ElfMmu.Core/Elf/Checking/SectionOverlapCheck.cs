namespace ElfMmu.Elf.Checking;

/// <summary>Sections, and the tables of headers, over one another: in the file, and in memory. O(sections · log sections).</summary>
internal sealed class SectionOverlapCheck : IElfCheck
{
    public void Check(ElfFile file, CancellationToken cancellation)
    {
        CheckFile(file, cancellation);
        if (CheckedFile.IsLinked(file))
        {
            CheckMemory(file, cancellation);
        }
    }

    private static void CheckFile(ElfFile file, CancellationToken cancellation)
    {
        List<(ulong Start, ulong Size, int Section)> pieces = [];
        Add(pieces, file, 0, (ulong)ElfEncoder.HeaderSize(file.Header.Class), -1);
        Add(pieces, file, file.Header.SectionHeaderOffset,
            (ulong)file.SectionHeaders.Length * (ulong)ElfEncoder.SectionHeaderSize(file.Header.Class), -2);
        for (int i = 1; i < file.SectionHeaders.Length; i++)
        {
            ElfSectionHeader section = file.SectionHeaders[i];
            if (section.Type is not (ElfSectionTypes.Null or ElfSectionTypes.NoBits))
            {
                Add(pieces, file, section.Offset, section.Size, i);
            }
        }

        Compare(file, pieces, "SectionOverlap", "in the file", cancellation);
    }

    /// <summary>Thread-local data without content takes no address, and an overlay isn't loaded: its segment says so by having another address.</summary>
    private static void CheckMemory(ElfFile file, CancellationToken cancellation)
    {
        List<(ulong Start, ulong Size, int Section)> pieces = [];
        for (int i = 1; i < file.SectionHeaders.Length; i++)
        {
            ElfSectionHeader section = file.SectionHeaders[i];
            if ((section.Flags & ElfSectionFlags.Alloc) != 0 && section.Size > 0 && section.Type != ElfSectionTypes.Null
                && ((section.Flags & ElfSectionFlags.ThreadLocal) == 0 || section.Type != ElfSectionTypes.NoBits)
                && section.Address + (section.Size - 1) >= section.Address)
            {
                pieces.Add((section.Address, section.Size, i));
            }
        }

        Compare(file, pieces, "SectionMemoryOverlap", "in memory", cancellation);
    }

    /// <summary>Only what is wholly in the file: the rest is told of by itself.</summary>
    private static void Add(List<(ulong Start, ulong Size, int Section)> pieces, ElfFile file, ulong start, ulong size, int section)
    {
        if (size > 0 && start <= file.Input.Length && size <= file.Input.Length - start)
        {
            pieces.Add((start, size, section));
        }
    }

    private static void Compare(ElfFile file, List<(ulong Start, ulong Size, int Section)> pieces, string id, string where,
        CancellationToken cancellation)
    {
        pieces.Sort();
        for (int i = 1; i < pieces.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            (ulong start, ulong size, int section) = pieces[i];
            (ulong beforeStart, ulong beforeSize, int before) = pieces[i - 1];
            if (start - beforeStart < beforeSize)
            {
                file.Diagnostics.Add(id,
                    $"{Name(file, section)} at 0x{start:x} lies over {Name(file, before)} {where}, which has 0x{beforeSize:x} bytes from " +
                    $"0x{beforeStart:x} on.",
                    section < 0 ? start : file.SectionHeaders[section].Offset, section < 0 ? null : section);

                // The next one is compared with what reaches further.
                if (beforeStart + beforeSize > start + size)
                {
                    pieces[i] = pieces[i - 1];
                }
            }
        }
    }

    private static string Name(ElfFile file, int section) => section switch
    {
        -1 => "The ELF header",
        -2 => "The table of section headers",
        _ => CheckedFile.Section(file, section),
    };
}
