using ElfMmu.Elf;

namespace ElfMmu.Tests.Elf.Readelf;

/// <summary>Which sections readelf lists in a segment: a second opinion on ours, told as the rules are written down.</summary>
internal static class SegmentMapping
{
    private const uint NoBits = 8;
    private const ulong Alloc = 2;
    private const ulong Tls = 0x400;

    public static bool IsIn(in ElfSectionHeader section, in ElfProgramHeader segment)
    {
        bool tls = (section.Flags & Tls) != 0;
        bool alloc = (section.Flags & Alloc) != 0;
        bool noBits = section.Type == NoBits;
        if (tls && noBits && segment.Type != ElfSegmentType.ThreadLocalStorage)
        {
            return false;
        }

        // Thread-local sections are in three kinds of segments; PT_TLS has nothing else, and PT_PHDR nothing at all.
        if (tls
            ? segment.Type is not (ElfSegmentType.ThreadLocalStorage or ElfSegmentType.GnuRelro or ElfSegmentType.Load)
            : segment.Type is ElfSegmentType.ThreadLocalStorage or ElfSegmentType.ProgramHeaderTable)
        {
            return false;
        }

        if (!alloc && OnlyLoaded(segment.Type))
        {
            return false;
        }

        if (!noBits && !Within(section.Offset, section.Size, segment.Offset, segment.FileSize))
        {
            return false;
        }

        if (alloc && !Within(section.Address, section.Size, segment.VirtualAddress, segment.MemorySize))
        {
            return false;
        }

        return segment.Type is not (ElfSegmentType.Dynamic or ElfSegmentType.Note)
            || section.Size != 0
            || segment.MemorySize == 0
            || ((noBits || Inside(section.Offset, segment.Offset, segment.FileSize))
                && (!alloc || Inside(section.Address, segment.VirtualAddress, segment.MemorySize)));
    }

    private static bool OnlyLoaded(ElfSegmentType type) => type is ElfSegmentType.Load or ElfSegmentType.Dynamic or ElfSegmentType.GnuEhFrame
        or ElfSegmentType.GnuStack or ElfSegmentType.GnuRelro or ElfSegmentType.GnuSFrame
        or (>= (ElfSegmentType)0x6474e555 and <= (ElfSegmentType)0x6474f554);

    // A section without bytes isn't at the end of a segment, unless that has none either.
    private static bool Within(ulong start, ulong size, ulong low, ulong length) =>
        start >= low && unchecked(start - low <= length - 1) && unchecked(start - low + size) <= length;

    private static bool Inside(ulong start, ulong low, ulong length) => start > low && start - low < length;
}
