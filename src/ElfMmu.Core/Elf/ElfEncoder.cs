namespace ElfMmu.Elf;

/// <summary>
/// Writes the records of an ELF file into memory, in either class and byte order (gABI, "ELF Header", "Program Header",
/// "Sections"). Where they go in a file is the caller's business.
/// </summary>
public static class ElfEncoder
{
    /// <summary>The size of a 64-bit ELF header, the larger one, in bytes.</summary>
    public const int MaxHeaderSize = 64;

    /// <summary>The size of a 64-bit program header, the larger one, in bytes.</summary>
    public const int MaxProgramHeaderSize = 56;

    /// <summary>The size of a 64-bit section header, the larger one, in bytes.</summary>
    public const int MaxSectionHeaderSize = 64;

    /// <summary>The size of an ELF header in bytes: 52 or 64.</summary>
    /// <param name="elfClass">The class.</param>
    public static int HeaderSize(ElfClass elfClass) => Is64(elfClass) ? MaxHeaderSize : 52;

    /// <summary>The size of a program header in bytes: 32 or 56.</summary>
    /// <param name="elfClass">The class.</param>
    public static int ProgramHeaderSize(ElfClass elfClass) => Is64(elfClass) ? MaxProgramHeaderSize : 32;

    /// <summary>The size of a section header in bytes: 40 or 64.</summary>
    /// <param name="elfClass">The class.</param>
    public static int SectionHeaderSize(ElfClass elfClass) => Is64(elfClass) ? MaxSectionHeaderSize : 40;

    /// <summary>
    /// Writes the ELF header. Counts that don't fit their fields become PN_XNUM, 0 and SHN_XINDEX; the real ones go into section
    /// 0, which <see cref="WriteSectionZero"/> writes.
    /// </summary>
    /// <param name="destination">At least <see cref="HeaderSize"/> bytes.</param>
    /// <param name="layout">What it says.</param>
    /// <exception cref="ArgumentException">The destination is too short, or class or byte order isn't one there is.</exception>
    /// <exception cref="ElfMmuException"><c>ElfValueTooLarge</c>: a value doesn't fit. <c>ElfNeedsSectionZero</c>: the layout has
    /// no section to hold a count that doesn't fit its field.</exception>
    public static void WriteHeader(Span<byte> destination, in ElfLayout layout)
    {
        CheckRoom(destination, HeaderSize(layout.Class), layout.Data);
        if (layout.NeedsSectionZero && (layout.SectionHeaderOffset == 0 || layout.SectionHeaderCount == 0))
        {
            throw new ElfMmuException("ElfNeedsSectionZero", ErrorKind.InvalidArgument,
                $"{layout.ProgramHeaderCount} program headers, {layout.SectionHeaderCount} sections and names in section " +
                $"{layout.SectionNameIndex} don't fit their fields, and there is no section 0 to hold them; lay one out.");
        }

        if (layout.ProgramHeaderCount > uint.MaxValue)
        {
            throw new ElfMmuException("ElfValueTooLarge", ErrorKind.InvalidArgument,
                $"{layout.ProgramHeaderCount} program headers are more than section 0's sh_info can count; merge segments.");
        }

        var ident = destination[..ElfRecords.IdentSize];
        ident.Clear();
        ident[0] = 0x7f;
        "ELF"u8.CopyTo(ident[1..]);
        ident[4] = (byte)layout.Class;
        ident[5] = (byte)layout.Data;
        ident[6] = 1;
        ident[7] = (byte)layout.OsAbi;
        ident[8] = layout.AbiVersion;

        var record = new ElfHeaderRecord
        {
            Type = (ushort)layout.Type,
            Machine = (ushort)layout.Machine,
            Version = 1,
            Entry = layout.EntryPoint,
            ProgramHeaderOffset = layout.ProgramHeaderOffset,
            SectionHeaderOffset = layout.SectionHeaderOffset,
            Flags = layout.Flags,
            HeaderSize = (ushort)HeaderSize(layout.Class),
            ProgramHeaderEntrySize = (ushort)ProgramHeaderSize(layout.Class),
            ProgramHeaderCount = (ushort)Math.Min(layout.ProgramHeaderCount, ElfHeader.ExtendedProgramHeaderCount),
            SectionHeaderEntrySize = (ushort)SectionHeaderSize(layout.Class),
            SectionHeaderCount = layout.SectionHeaderCount < ElfHeader.ReservedSectionIndex
                ? (ushort)layout.SectionHeaderCount
                : (ushort)0,
            SectionNameIndex = layout.SectionNameIndex < ElfHeader.ReservedSectionIndex
                ? (ushort)layout.SectionNameIndex
                : ElfHeader.ExtendedSectionIndex,
        };
        var fields = new ElfFieldWriter(destination[ElfRecords.IdentSize..], layout.Class, layout.Data);
        ElfRecords.Header(ref fields, ref record);
    }

    /// <summary>Writes section 0: all zero but for the counts that don't fit into the ELF header.</summary>
    /// <param name="destination">At least <see cref="SectionHeaderSize"/> bytes.</param>
    /// <param name="layout">The same as the ELF header's.</param>
    /// <exception cref="ArgumentException">The destination is too short, or class or byte order isn't one there is.</exception>
    /// <exception cref="ElfMmuException"><c>ElfValueTooLarge</c>: a value doesn't fit.</exception>
    public static void WriteSectionZero(Span<byte> destination, in ElfLayout layout)
    {
        var many = layout.ProgramHeaderCount >= ElfHeader.ExtendedProgramHeaderCount;
        if (layout.ProgramHeaderCount > uint.MaxValue)
        {
            throw new ElfMmuException("ElfValueTooLarge", ErrorKind.InvalidArgument,
                $"{layout.ProgramHeaderCount} program headers are more than section 0's sh_info can count; merge segments.");
        }

        WriteSectionHeader(destination, layout.Class, layout.Data, new ElfSectionHeader
        {
            Size = layout.SectionHeaderCount >= ElfHeader.ReservedSectionIndex ? layout.SectionHeaderCount : 0,
            Link = layout.SectionNameIndex >= ElfHeader.ReservedSectionIndex ? layout.SectionNameIndex : 0,
            Info = many ? (uint)layout.ProgramHeaderCount : 0,
        });
    }

    /// <summary>Writes a program header, without allocating.</summary>
    /// <param name="destination">At least <see cref="ProgramHeaderSize"/> bytes.</param>
    /// <param name="elfClass">The class.</param>
    /// <param name="data">The byte order.</param>
    /// <param name="header">What it says.</param>
    /// <exception cref="ArgumentException">The destination is too short, or class or byte order isn't one there is.</exception>
    /// <exception cref="ElfMmuException"><c>ElfValueTooLarge</c>: a value doesn't fit a 32-bit file.</exception>
    public static void WriteProgramHeader(Span<byte> destination, ElfClass elfClass, ElfData data, in ElfProgramHeader header)
    {
        CheckRoom(destination, ProgramHeaderSize(elfClass), data);
        var record = new ElfProgramHeaderRecord
        {
            Type = (uint)header.Type,
            Flags = (uint)header.Flags,
            Offset = header.Offset,
            VirtualAddress = header.VirtualAddress,
            PhysicalAddress = header.PhysicalAddress,
            FileSize = header.FileSize,
            MemorySize = header.MemorySize,
            Alignment = header.Alignment,
        };
        var fields = new ElfFieldWriter(destination, elfClass, data);
        ElfRecords.ProgramHeader(ref fields, ref record);
    }

    /// <summary>Writes a section header, without allocating.</summary>
    /// <param name="destination">At least <see cref="SectionHeaderSize"/> bytes.</param>
    /// <param name="elfClass">The class.</param>
    /// <param name="data">The byte order.</param>
    /// <param name="header">What it says.</param>
    /// <exception cref="ArgumentException">The destination is too short, or class or byte order isn't one there is.</exception>
    /// <exception cref="ElfMmuException"><c>ElfValueTooLarge</c>: a value doesn't fit a 32-bit file.</exception>
    public static void WriteSectionHeader(Span<byte> destination, ElfClass elfClass, ElfData data, in ElfSectionHeader header)
    {
        CheckRoom(destination, SectionHeaderSize(elfClass), data);
        var record = new ElfSectionHeaderRecord
        {
            Name = header.NameOffset,
            Type = header.Type,
            Flags = header.Flags,
            Address = header.Address,
            Offset = header.Offset,
            Size = header.Size,
            Link = header.Link,
            Info = header.Info,
            Alignment = header.Alignment,
            EntrySize = header.EntrySize,
        };
        var fields = new ElfFieldWriter(destination, elfClass, data);
        ElfRecords.SectionHeader(ref fields, ref record);
    }

    private static bool Is64(ElfClass elfClass) => elfClass switch
    {
        ElfClass.Elf32 => false,
        ElfClass.Elf64 => true,
        _ => throw new ArgumentException($"The class is {(byte)elfClass}, and only 1 and 2 exist.", nameof(elfClass)),
    };

    private static void CheckRoom(Span<byte> destination, int size, ElfData data)
    {
        if (destination.Length < size)
        {
            throw new ArgumentException(
                $"The destination has {destination.Length} bytes, and {size} are needed.", nameof(destination));
        }

        if (data is not (ElfData.LittleEndian or ElfData.BigEndian))
        {
            throw new ArgumentException($"The byte order is {(byte)data}, and only 1 and 2 exist.", nameof(data));
        }
    }
}
