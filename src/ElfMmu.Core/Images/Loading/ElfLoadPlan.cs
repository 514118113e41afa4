using ElfMmu.Dumps;
using ElfMmu.Elf;

namespace ElfMmu.Images.Loading;

/// <summary>
/// What PT_LOAD segments say of memory (gABI, "Program Loading"). Of a file, p_filesz bytes come from p_offset on and zeros follow up to
/// p_memsz; of an image in memory everything is where the segment is.
/// </summary>
internal static class ElfLoadPlan
{
    private const ulong Page = 4096;

    /// <summary>Makes a plan. O(segments).</summary>
    /// <exception cref="ElfMmuException"><c>NothingToLoad</c>, <c>LoadAddressInvalid</c>, <c>AddressKindInvalid</c>.</exception>
    public static LoadPlan Of(ElfFile file, ExpandOptions options)
    {
        ElfHeader header = file.Header;
        bool isPhysical = options.AddressKind == ImageAddressKind.Physical;
        if (isPhysical && (file.IsLoaded || options.LoadAddress != null))
        {
            throw Invalid(file, "AddressKindInvalid", file.IsLoaded
                ? "is loaded in an address space, and where its pages are in physical memory isn't what its headers say; take virtual addresses"
                : "is to be laid out by physical addresses, which a load address doesn't move; give one of the two");
        }

        ulong bias = Bias(file, options);
        ulong highest = header.Class == ElfClass.Elf64 ? ulong.MaxValue : uint.MaxValue;
        List<LoadPiece> pieces = [];
        ReadOnlySpan<ElfProgramHeader> segments = file.ProgramHeaders;
        List<ElfDiagnostic> diagnostics = [];
        for (int i = 0; i < segments.Length; i++)
        {
            ElfProgramHeader segment = segments[i];
            if (segment.Type != ElfSegmentType.Load || segment.MemorySize == 0)
            {
                continue;
            }

            ulong linked = isPhysical ? segment.PhysicalAddress : segment.VirtualAddress;
            ulong address = linked + bias;
            ulong size = segment.MemorySize;
            ulong most = highest - (address & highest);
            if (size - 1 > most)
            {
                Add("SegmentPastEnd", $"Segment {i} has 0x{size:x} bytes from 0x{address:x} on, which is past the last address; what is was left out.",
                    segment.Offset);
                size = most == ulong.MaxValue ? most : most + 1;
            }

            if (segment.FileSize > segment.MemorySize)
            {
                Add("FileSizeAboveMemorySize",
                    $"Segment {i} has 0x{segment.FileSize:x} bytes in the file and only 0x{segment.MemorySize:x} in memory; the first of them were taken.",
                    segment.Offset);
            }

            pieces.Add(file.IsLoaded ? Loaded(file, i, segment, address, size) : Filed(file, i, segment, address, size, linked, Add));
        }

        if (pieces.Count == 0)
        {
            throw Invalid(file, "NothingToLoad", header.Type == ElfType.Relocatable
                ? "is a relocatable object: its sections have no addresses before a linker gives them some; link it, and take the result"
                : "has no PT_LOAD segment with memory, so there is nothing to lay out; check that it is an executable, a shared object or a core");
        }

        var plan = new LoadPlan
        {
            Kind = ImageKind.Elf,
            Input = file.Input,
            Class = header.Class == ElfClass.Elf64 ? 64 : 32,
            WordSize = ElfDumpReader.WordSizeOf(header),
            ByteOrder = header.Data == ElfData.BigEndian ? ByteOrder.Big : ByteOrder.Little,
            Machine = header.MachineName,
            Architecture = MachineNumbers.ArchitectureOf(header.Machine),
            Type = header.TypeName,
            EntryPoint = header.EntryPoint == 0 ? null : isPhysical ? PhysicalEntry(header.EntryPoint, segments) : header.EntryPoint + bias,
            LoadBias = bias,
            Pieces = pieces,
        };
        plan.Diagnostics.AddRange(diagnostics);
        return plan;

        // A hostile file has thousands of wrong segments; the first ones tell enough.
        void Add(string id, string message, ulong offset)
        {
            if (diagnostics.Count < ElfDiagnostics.Most)
            {
                diagnostics.Add(new ElfDiagnostic(id, message) { Offset = offset });
            }
        }
    }

    private static LoadPiece Loaded(ElfFile file, int index, in ElfProgramHeader segment, ulong address, ulong size)
    {
        ulong offset = segment.VirtualAddress + file.Bias;
        ulong there = offset < file.Input.Length ? Math.Min(size, file.Input.Length - offset) : 0;
        return Piece(file, index, segment, address, size, segment.VirtualAddress, offset, there, size - there);
    }

    private static LoadPiece Filed(
        ElfFile file, int index, in ElfProgramHeader segment, ulong address, ulong size, ulong linked, Action<string, string, ulong> add)
    {
        ulong meant = Math.Min(segment.FileSize, size);
        ulong there = segment.Offset < file.Input.Length ? Math.Min(meant, file.Input.Length - segment.Offset) : 0;
        if (there < meant)
        {
            add("SegmentOutsideFile",
                $"Segment {index} has 0x{meant:x} bytes from offset 0x{segment.Offset:x} on, and the file ends at 0x{file.Input.Length:x}; "
                + $"0x{there:x} of them were taken, and zeros for the rest.",
                segment.Offset);
        }

        // A core doesn't hold what it was told to leave out, or had no room for; that isn't zeros but unknown.
        ulong absent = (file.Header.Type == ElfType.Core ? size : meant) - there;
        return Piece(file, index, segment, address, size, linked, segment.Offset, there, absent);
    }

    private static LoadPiece Piece(
        ElfFile file, int index, in ElfProgramHeader segment, ulong address, ulong size, ulong linked, ulong offset, ulong there, ulong absent) =>
        new(index, ElfNames.SegmentType(segment.Type, file.Header.Machine), address, size, linked, offset, there, absent, (Rights)((uint)segment.Flags & 7));

    private static ulong Bias(ElfFile file, ExpandOptions options)
    {
        if (options.LoadAddress is not { } wanted)
        {
            return file.LoadBias;
        }

        if (file.IsLoaded || file.Header.Type != ElfType.SharedObject)
        {
            throw Invalid(file, "LoadAddressInvalid", file.IsLoaded
                ? "is loaded at its address already; leave the load address out"
                : $"is {file.Header.TypeName} and runs only at the addresses it is linked for (ET_DYN runs at others); leave the load address out");
        }

        if (wanted % Page != 0)
        {
            throw Invalid(file, "LoadAddressInvalid", $"can't be loaded at 0x{wanted:x}, which isn't a multiple of 0x{Page:x}; give one that is");
        }

        if (file.Header.Class == ElfClass.Elf32 && wanted > uint.MaxValue)
        {
            throw Invalid(file, "LoadAddressInvalid", $"can't be loaded at 0x{wanted:x}: it is 32-bit ELF, whose addresses end at 0x{uint.MaxValue:x}; "
                + "give one below that");
        }

        ulong lowest = ulong.MaxValue;
        foreach (ElfProgramHeader segment in file.ProgramHeaders)
        {
            lowest = segment.Type == ElfSegmentType.Load && segment.MemorySize > 0 ? Math.Min(lowest, segment.VirtualAddress) : lowest;
        }

        return wanted - (lowest & ~(Page - 1));
    }

    /// <summary>e_entry is a virtual address, unless it is in none of the segments.</summary>
    private static ulong PhysicalEntry(ulong entry, ReadOnlySpan<ElfProgramHeader> segments)
    {
        foreach (ElfProgramHeader segment in segments)
        {
            if (segment.Type == ElfSegmentType.Load && entry >= segment.VirtualAddress && entry - segment.VirtualAddress < segment.MemorySize)
            {
                return segment.PhysicalAddress + (entry - segment.VirtualAddress);
            }
        }

        return entry;
    }

    private static ElfMmuException Invalid(ElfFile file, string id, string what) =>
        new(id, id == "NothingToLoad" ? ErrorKind.InvalidData : ErrorKind.InvalidArgument, $"'{file.Source.Path}' {what}.") { Path = file.Source.Path };
}
