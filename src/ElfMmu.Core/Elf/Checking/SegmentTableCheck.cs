namespace ElfMmu.Elf.Checking;

/// <summary>Each program header by itself: sizes, alignment, place in the file (gABI, "Program Header"). O(segments).</summary>
internal sealed class SegmentTableCheck : IElfCheck
{
    public void Check(ElfFile file)
    {
        ReadOnlySpan<ElfProgramHeader> segments = file.ProgramHeaders;
        for (int i = 0; i < segments.Length; i++)
        {
            Check(file, i, segments[i]);
        }
    }

    private static void Check(ElfFile file, int index, in ElfProgramHeader segment)
    {
        if (segment.Type == ElfSegmentType.Null)
        {
            return;
        }

        string name = $"Segment {index} ({ElfNames.SegmentType(segment.Type, file.Header.Machine)})";
        if (!file.IsLoaded && segment.FileSize > 0
            && (segment.Offset > file.Input.Length || segment.FileSize > file.Input.Length - segment.Offset))
        {
            file.Diagnostics.Add("SegmentOutsideFile",
                $"{name} has 0x{segment.FileSize:x} bytes from offset 0x{segment.Offset:x} on, and the file ends at 0x{file.Input.Length:x}.",
                segment.Offset);
        }

        // Only what is loaded has memory of its own: a core's notes have no size there.
        if (segment.Type is ElfSegmentType.Load or ElfSegmentType.ThreadLocalStorage && segment.FileSize > segment.MemorySize)
        {
            file.Diagnostics.Add("SegmentLargerInFile",
                $"{name} has 0x{segment.FileSize:x} bytes in the file (p_filesz) and only 0x{segment.MemorySize:x} in memory (p_memsz).",
                segment.Offset);
        }

        if (!ulong.IsPow2(segment.Alignment) && segment.Alignment != 0)
        {
            file.Diagnostics.Add("SegmentAlignment",
                $"{name} has the alignment 0x{segment.Alignment:x} (p_align), which is no power of two.", segment.Offset);
        }
        else if (segment.Type == ElfSegmentType.Load && segment.Alignment > 1
            && ((segment.Offset ^ segment.VirtualAddress) & (segment.Alignment - 1)) != 0)
        {
            file.Diagnostics.Add("SegmentCongruence",
                $"{name} has the offset 0x{segment.Offset:x} and the address 0x{segment.VirtualAddress:x}, which differ modulo its alignment " +
                $"0x{segment.Alignment:x}, so that it can't be mapped.",
                segment.Offset);
        }

        if (segment.MemorySize > 0 && segment.MemorySize - 1 > (ulong.MaxValue >> (file.Header.Class == ElfClass.Elf32 ? 32 : 0)) - segment.VirtualAddress)
        {
            file.Diagnostics.Add("SegmentWraps",
                $"{name} has 0x{segment.MemorySize:x} bytes from address 0x{segment.VirtualAddress:x} on, more than there are addresses.",
                segment.Offset);
        }
    }
}
