using ElfMmu.Elf;

namespace ElfMmu.Images;

/// <summary>The section headers of an image that lies in a space as it is in its file.</summary>
internal static class ElfSectionProbe
{
    private const int MostSections = 4096;
    private const uint TypeProgBits = 1;
    private const uint TypeStrings = 3;
    private const uint TypeNote = 7;
    private const uint TypeNoBits = 8;
    private const uint HighestType = 19;

    /// <summary>
    /// Looks whether the section headers stand where they do in the file (gABI, "Sections"): section 0 is nothing, the others have types
    /// there are and contents before or behind the table, and the section of names is one.
    /// </summary>
    public static ImageProbe Look(SpaceView view, ElfImageHeaders headers, ulong address)
    {
        ElfHeaderRecord record = headers.Record;
        int size = ElfEncoder.SectionHeaderSize(headers.Class);
        if (record.SectionHeaderOffset == 0
            || record.SectionHeaderCount == 0
            || record.SectionHeaderEntrySize != size
            || record.SectionHeaderOffset > ulong.MaxValue - address
            || !TryRead(view, headers, address, 0, out ElfSectionHeader zero))
        {
            return ImageProbe.Silent;
        }

        if (zero is not { Type: 0, Flags: 0, Address: 0, Offset: 0 } || record.SectionHeaderCount < 2)
        {
            return ImageProbe.Differs;
        }

        const int Looks = 8;
        for (int i = 1; i < Math.Min((int)record.SectionHeaderCount, Looks); i++)
        {
            if (TryRead(view, headers, address, i, out ElfSectionHeader section) && !IsSound(section, headers))
            {
                return ImageProbe.Differs;
            }
        }

        return record.SectionNameIndex < record.SectionHeaderCount
            && TryRead(view, headers, address, record.SectionNameIndex, out ElfSectionHeader names)
            ? names.Type == TypeStrings && IsSound(names, headers) ? ImageProbe.Fits : ImageProbe.Differs
            : ImageProbe.Silent;
    }

    /// <summary>The notes among the sections, as segments of the file; at most a few thousand sections are looked at.</summary>
    public static IEnumerable<ElfProgramHeader> Notes(SpaceView view, ElfImageHeaders headers, ulong address)
    {
        for (int i = 1; i < Math.Min((int)headers.Record.SectionHeaderCount, MostSections); i++)
        {
            if (!TryRead(view, headers, address, i, out ElfSectionHeader section))
            {
                yield break;
            }

            if (section.Type == TypeNote)
            {
                yield return new ElfProgramHeader
                {
                    Type = ElfSegmentType.Note,
                    Offset = section.Offset,
                    FileSize = section.Size,
                    Alignment = section.Alignment,
                };
            }
        }
    }

    /// <summary>The first byte behind everything in the file that its sections have; 0 if it can't be said.</summary>
    public static ulong End(SpaceView view, ElfImageHeaders headers, ulong address)
    {
        ulong count = headers.Record.SectionHeaderCount;
        ulong end = Sum(headers.Record.SectionHeaderOffset, count * (ulong)ElfEncoder.SectionHeaderSize(headers.Class));
        for (int i = 1; i < Math.Min((int)count, MostSections); i++)
        {
            if (!TryRead(view, headers, address, i, out ElfSectionHeader section))
            {
                break;
            }

            end = section.Type is 0 or TypeNoBits ? end : Math.Max(end, Sum(section.Offset, section.Size));
        }

        return end;
    }

    /// <summary>A sum, or 0 where it has none.</summary>
    private static ulong Sum(ulong offset, ulong size) => offset > ulong.MaxValue - size ? 0 : offset + size;

    private static bool IsSound(in ElfSectionHeader section, ElfImageHeaders headers) =>
        section.Type is (>= TypeProgBits and <= HighestType) or (>= 0x60000000 and <= 0x7fffffff)
        && section.Size <= headers.Highest - section.Offset
        && (section.Alignment & (section.Alignment - 1)) == 0;

    private static bool TryRead(SpaceView view, ElfImageHeaders headers, ulong address, int index, out ElfSectionHeader section)
    {
        Span<byte> bytes = stackalloc byte[ElfEncoder.MaxSectionHeaderSize];
        bytes = bytes[..ElfEncoder.SectionHeaderSize(headers.Class)];
        ulong within = (ulong)index * (ulong)bytes.Length;
        section = default;
        if (within > ulong.MaxValue - address - headers.Record.SectionHeaderOffset
            || !view.TryRead(address + headers.Record.SectionHeaderOffset + within, bytes))
        {
            return false;
        }

        var record = default(ElfSectionHeaderRecord);
        var fields = new ElfFieldReader(bytes, headers.Class, headers.Data);
        ElfRecords.SectionHeader(ref fields, ref record);
        section = new ElfSectionHeader(record);
        return true;
    }
}
