namespace ElfMmu.Elf;

/// <summary>
/// Reads the ELF header, and section 0 where counts overflow into it (gABI, "ELF Header": e_phnum, e_shnum, e_shstrndx).
/// </summary>
internal static class ElfHeaderReader
{
    /// <summary>Reads the header.</summary>
    /// <param name="input">The file, or an image in memory.</param>
    /// <param name="hasSections">Whether the input has sections where e_shoff says: an image in memory has none.</param>
    /// <param name="isStrict">Whether a class or a byte order that doesn't exist is an error; otherwise it is a warning, and 32 bits and
    /// little endian are assumed, as readelf does.</param>
    public static ElfHeader Read(IElfInput input, bool hasSections = true, bool isStrict = false)
    {
        Span<byte> bytes = stackalloc byte[ElfEncoder.MaxHeaderSize];
        var length = (int)Math.Min(input.Length, (ulong)bytes.Length);
        bytes = bytes[..length];
        input.Read(0, bytes);
        if (!ElfReader.IsElf(bytes))
        {
            var start = length == 0 ? "missing" : Convert.ToHexStringLower(bytes[..Math.Min(4, length)]);
            throw Error("NotElf", input, 0,
                $"is not an ELF file, its first bytes are {start} and not 7f454c46; name another file, or its format.");
        }

        if (length < ElfRecords.IdentSize)
        {
            throw Truncated(input, ElfRecords.IdentSize);
        }

        var warnings = new List<string>();
        var elfClass = (ElfClass)bytes[4];
        if (elfClass is not (ElfClass.Elf32 or ElfClass.Elf64))
        {
            elfClass = ElfClass.Elf32;
            Doubt(4, $"e_ident[EI_CLASS] at offset 4 is {bytes[4]}, and only 1 (32-bit) and 2 (64-bit) exist", "a 32-bit");
        }

        var data = (ElfData)bytes[5];
        if (data is not (ElfData.LittleEndian or ElfData.BigEndian))
        {
            data = ElfData.LittleEndian;
            Doubt(5, $"e_ident[EI_DATA] at offset 5 is {bytes[5]}, and only 1 (little-endian) and 2 (big-endian) exist", "a little-endian");
        }

        var size = ElfEncoder.HeaderSize(elfClass);
        if (length < size)
        {
            throw Truncated(input, size);
        }

        var record = default(ElfHeaderRecord);
        var fields = new ElfFieldReader(bytes[ElfRecords.IdentSize..], elfClass, data);
        ElfRecords.Header(ref fields, ref record);
        var header = new ElfHeader(bytes[..ElfRecords.IdentSize], elfClass, data, record);
        ResolveCounts(input, header, hasSections, warnings);
        ElfHeaderChecks.Check(header, input.Length, hasSections, warnings);
        header.Warnings = warnings.AsReadOnly();
        return header;

        void Doubt(ulong offset, string what, string assumed)
        {
            if (isStrict)
            {
                throw Error("ElfInvalid", input, offset, $"{what}; get an undamaged copy.");
            }

            warnings.Add($"{what}; the file is read as {assumed} one.");
        }
    }

    public static ElfSectionHeader ReadSection(IElfInput input, ElfHeader header, ulong offset)
    {
        Span<byte> bytes = stackalloc byte[ElfEncoder.MaxSectionHeaderSize];
        bytes = bytes[..ElfEncoder.SectionHeaderSize(header.Class)];
        input.Read(offset, bytes);
        var record = default(ElfSectionHeaderRecord);
        var fields = new ElfFieldReader(bytes, header.Class, header.Data);
        ElfRecords.SectionHeader(ref fields, ref record);
        return new ElfSectionHeader(record);
    }

    private static void ResolveCounts(IElfInput input, ElfHeader header, bool hasSections, List<string> warnings)
    {
        var manySegments = header.ProgramHeaderCountField == ElfHeader.ExtendedProgramHeaderCount;
        var manySections = header.SectionHeaderCountField == 0 && header.SectionHeaderOffset != 0;
        var manyNames = header.SectionNameIndexField == ElfHeader.ExtendedSectionIndex;
        if (!hasSections)
        {
            // Counts that stand in section 0 aren't loaded with the rest; only that of the segments is missed.
            header.SectionNameIndex = manyNames ? 0 : header.SectionNameIndex;
            if (manySegments)
            {
                warnings.Add("e_phnum is 0xffff (PN_XNUM), and section 0, which ought to hold the count, isn't loaded; 65535 is used.");
            }

            return;
        }

        if (!manySegments && !manySections && !manyNames)
        {
            return;
        }

        var offset = header.SectionHeaderOffset;
        var size = (ulong)ElfEncoder.SectionHeaderSize(header.Class);
        if (offset == 0 || offset > input.Length || size > input.Length - offset)
        {
            var where = offset == 0 ? "there is none" : $"it would stand at 0x{offset:x} in a file of 0x{input.Length:x} bytes";
            if (manySegments)
            {
                warnings.Add(
                    $"e_phnum is 0xffff (PN_XNUM), so section 0 ought to hold the count, but {where}; 65535 is used.");
            }

            if (manySections)
            {
                warnings.Add($"e_shnum is 0, so section 0 ought to hold the count, but {where}; no sections are used.");
            }

            if (manyNames)
            {
                header.SectionNameIndex = 0;
                warnings.Add(
                    $"e_shstrndx is 0xffff (SHN_XINDEX), so section 0 ought to hold the index, but {where}; none is used.");
            }

            return;
        }

        var zero = ReadSection(input, header, offset);
        if (manySegments)
        {
            // A writer that doesn't know PN_XNUM leaves 0 in sh_info, and then means 65535 segments.
            header.ProgramHeaderCount = zero.Info != 0 ? zero.Info : header.ProgramHeaderCount;
            if (zero.Info < ElfHeader.ExtendedProgramHeaderCount)
            {
                warnings.Add(
                    $"e_phnum is 0xffff (PN_XNUM), but section 0's sh_info says {zero.Info}, which e_phnum could hold; " +
                    $"{header.ProgramHeaderCount} is used.");
            }
        }

        if (manySections)
        {
            header.SectionHeaderCount = zero.Size;
            if (zero.Size == 0)
            {
                warnings.Add($"e_shoff is 0x{offset:x}, but neither e_shnum nor section 0's sh_size counts any section.");
            }
        }

        if (manyNames)
        {
            header.SectionNameIndex = zero.Link;
        }
    }

    private static ElfMmuException Truncated(IElfInput input, int size) => Error("ElfTruncated", input, input.Length,
        $"ends at 0x{input.Length:x}, within the ELF header of {size} bytes; get a complete copy.");

    private static ElfMmuException Error(string id, IElfInput input, ulong offset, string text) =>
        new(id, ErrorKind.InvalidData, input.Name + ": " + text) { Path = input.Name, Offset = offset };
}
