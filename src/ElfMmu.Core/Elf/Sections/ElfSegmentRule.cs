namespace ElfMmu.Elf.Sections;

/// <summary>
/// Which sections lie in a segment: the rule by which readelf makes its "Section to Segment mapping" (binutils' elf/internal.h,
/// ELF_SECTION_IN_SEGMENT_STRICT without what ELF_TBSS_SPECIAL excepts).
/// </summary>
internal static class ElfSegmentRule
{
    private const ElfSegmentType MBindLow = (ElfSegmentType)0x6474e555;
    private const ElfSegmentType MBindHigh = MBindLow + 4095;

    /// <summary>The indexes of the sections in a segment; section 0 is none. O(sections).</summary>
    public static int[] SectionsOf(ElfFile file, in ElfProgramHeader segment)
    {
        List<int>? found = null;
        ReadOnlySpan<ElfSectionHeader> sections = file.SectionHeaders;
        for (int i = 1; i < sections.Length; i++)
        {
            if (IsIn(sections[i], segment))
            {
                (found ??= []).Add(i);
            }
        }

        return found?.ToArray() ?? [];
    }

    /// <summary>Whether a section lies in a segment.</summary>
    public static bool IsIn(in ElfSectionHeader section, in ElfProgramHeader segment)
    {
        bool isThreadLocal = (section.Flags & ElfSectionFlags.ThreadLocal) != 0;
        bool isAllocated = (section.Flags & ElfSectionFlags.Alloc) != 0;
        bool isNoBits = section.Type == ElfSectionTypes.NoBits;
        return (isThreadLocal ? HoldsThreadLocal(segment.Type) : HoldsOthers(segment.Type))

            // .tbss takes no address anywhere but in the template.
            && (!isThreadLocal || !isNoBits || segment.Type == ElfSegmentType.ThreadLocalStorage)
            && (isAllocated || !HoldsAllocatedOnly(segment.Type))
            && (isNoBits || IsWithin(section.Offset, section.Size, segment.Offset, segment.FileSize))
            && (!isAllocated || IsWithin(section.Address, section.Size, segment.VirtualAddress, segment.MemorySize))
            && (segment.Type is not (ElfSegmentType.Dynamic or ElfSegmentType.Note) || section.Size != 0 || segment.MemorySize == 0
                || ((isNoBits || IsInside(section.Offset, segment.Offset, segment.FileSize))
                    && (!isAllocated || IsInside(section.Address, segment.VirtualAddress, segment.MemorySize))));
    }

    private static bool HoldsThreadLocal(ElfSegmentType type) =>
        type is ElfSegmentType.ThreadLocalStorage or ElfSegmentType.GnuRelro or ElfSegmentType.Load;

    private static bool HoldsOthers(ElfSegmentType type) =>
        type is not (ElfSegmentType.ThreadLocalStorage or ElfSegmentType.ProgramHeaderTable);

    private static bool HoldsAllocatedOnly(ElfSegmentType type) =>
        type is ElfSegmentType.Load or ElfSegmentType.Dynamic or ElfSegmentType.GnuEhFrame or ElfSegmentType.GnuStack
            or ElfSegmentType.GnuRelro or ElfSegmentType.GnuSFrame or (>= MBindLow and <= MBindHigh);

    /// <summary>
    /// Whether a range lies within another; an empty one isn't at its end. An empty segment's last byte is -1, which lets every start pass, and
    /// the sum may wrap: both as in binutils.
    /// </summary>
    private static bool IsWithin(ulong start, ulong size, ulong outerStart, ulong outerSize) =>
        start >= outerStart && start - outerStart <= outerSize - 1 && unchecked(start - outerStart + size) <= outerSize;

    /// <summary>Whether a place is behind another's start and before its end.</summary>
    private static bool IsInside(ulong start, ulong outerStart, ulong outerSize) =>
        start > outerStart && start - outerStart < outerSize;
}
