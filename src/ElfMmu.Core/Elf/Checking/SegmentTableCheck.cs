namespace ElfMmu.Elf.Checking;

/// <summary>Each program header by itself: sizes, alignment, place in the file (gABI, "Program Header"). O(segments).</summary>
internal sealed class SegmentTableCheck : IElfCheck
{
    public void Check(ElfFile file, CancellationToken cancellation)
    {
        bool hasContent = !file.IsLoaded && !CheckedFile.IsCompanion(file);
        for (int i = 0; i < file.ProgramHeaders.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (file.ProgramHeaders[i].Type != ElfSegmentType.Null)
            {
                Check(file, i, file.ProgramHeaders[i], hasContent);
            }
        }
    }

    private static void Check(ElfFile file, int index, in ElfProgramHeader segment, bool hasContent)
    {
        if (hasContent && segment.FileSize > 0
            && (segment.Offset > file.Input.Length || segment.FileSize > file.Input.Length - segment.Offset))
        {
            file.Diagnostics.Add("SegmentOutsideFile",
                $"{CheckedFile.Segment(file, index)} has 0x{segment.FileSize:x} bytes from offset 0x{segment.Offset:x} on, and the file ends at " +
                $"0x{file.Input.Length:x}.",
                segment.Offset);
        }

        // Only what is loaded has memory of its own: a core's notes have no size there.
        if (segment.Type is ElfSegmentType.Load or ElfSegmentType.ThreadLocalStorage && segment.FileSize > segment.MemorySize)
        {
            file.Diagnostics.Add("SegmentLargerInFile",
                $"{CheckedFile.Segment(file, index)} has 0x{segment.FileSize:x} bytes in the file (p_filesz) and only 0x{segment.MemorySize:x} in " +
                "memory (p_memsz).",
                segment.Offset);
        }

        if (!ulong.IsPow2(segment.Alignment) && segment.Alignment != 0)
        {
            file.Diagnostics.Add("SegmentAlignment",
                $"{CheckedFile.Segment(file, index)} has the alignment 0x{segment.Alignment:x} (p_align), which is no power of two.", segment.Offset);
        }
        else if (segment.Type == ElfSegmentType.Load && segment.Alignment > 1 && hasContent
            && ((segment.Offset ^ segment.VirtualAddress) & (segment.Alignment - 1)) != 0)
        {
            file.Diagnostics.Add("SegmentCongruence",
                $"{CheckedFile.Segment(file, index)} has the offset 0x{segment.Offset:x} and the address 0x{segment.VirtualAddress:x}, which differ " +
                $"modulo its alignment 0x{segment.Alignment:x}, so that it can't be mapped.",
                segment.Offset);
        }

        ulong last = file.Header.Class == ElfClass.Elf32 ? uint.MaxValue : ulong.MaxValue;
        if (segment.MemorySize > 0 && segment.MemorySize - 1 > last - segment.VirtualAddress)
        {
            file.Diagnostics.Add("SegmentWraps",
                $"{CheckedFile.Segment(file, index)} has 0x{segment.MemorySize:x} bytes from address 0x{segment.VirtualAddress:x} on, more than " +
                "there are addresses.",
                segment.Offset);
        }
    }
}
