using ElfMmu.Elf;

namespace ElfMmu.Images.Loading;

/// <summary>
/// What the section table of a PE image says of memory (PE format, "Section Table"), the way Windows follows it: the headers lie at the
/// image's start, PointerToRawData counts in sectors of 512 bytes, and raw bytes fill a section's last page even behind VirtualSize.
/// </summary>
internal static class PeLoadPlan
{
    private const uint Page = 4096;
    private const uint Sector = 512;
    private const ushort RelocationsStripped = 1;

    /// <summary>Makes a plan. O(sections).</summary>
    /// <param name="input">The file, or the memory from the image's header on.</param>
    /// <param name="source">What to call it.</param>
    /// <param name="loadedAt">Where it is loaded; null for a file.</param>
    /// <param name="options">Where it is to be.</param>
    /// <exception cref="ElfMmuException">
    /// <c>ImageFormatUnknown</c>, <c>LoadAddressInvalid</c>, <c>AddressKindInvalid</c>.
    /// </exception>
    public static LoadPlan Of(IElfInput input, string source, ulong? loadedAt, ExpandOptions options)
    {
        PeImageHeaders headers = PeImageHeaders.Read(new InputBytes(input), 0, new byte[PeImageHeaders.BufferSize])
            ?? throw Invalid(source, "ImageFormatUnknown",
                "starts with MZ, but no PE header with an optional header of an image follows, so there is nothing to lay out; name another file");
        if (options.AddressKind == ImageAddressKind.Physical)
        {
            throw Invalid(source, "AddressKindInvalid", "is a PE image, whose headers say nothing of physical addresses; take virtual ones");
        }

        if (options.LoadAddress is { } wanted
            && (loadedAt != null || wanted % Page != 0 || (wanted != headers.ImageBase && (headers.Characteristics & RelocationsStripped) != 0)))
        {
            throw Invalid(source, "LoadAddressInvalid", loadedAt != null ? "is loaded at its address already; leave the load address out"
                : wanted % Page != 0 ? $"can't be loaded at 0x{wanted:x}, which isn't a multiple of 0x{Page:x}; give one that is"
                : $"has no relocations (IMAGE_FILE_RELOCS_STRIPPED) and runs only at 0x{headers.ImageBase:x}; leave the load address out");
        }

        ulong at = loadedAt ?? options.LoadAddress ?? headers.ImageBase;
        List<LoadPiece> pieces = [];
        List<ElfDiagnostic> diagnostics = [.. headers.Doubts.Select(d => new ElfDiagnostic("HeaderContradiction", d + "."))];
        Add(-1, "headers", 0, headers.HeaderSize, 0, headers.HeaderSize, Rights.Read);
        for (int i = 0; i < headers.Sections.Length; i++)
        {
            PeSection section = headers.Sections[i];
            bool isPaged = headers.SectionAlignment >= Page;
            uint offset = isPaged ? section.RawOffset & ~(Sector - 1) : section.RawOffset;
            ulong rounded = isPaged ? ((ulong)section.MemorySize + (Page - 1)) & ~(ulong)(Page - 1) : section.MemorySize;
            ulong raw = section.RawOffset == 0 ? 0 : Math.Min(section.RawSize, rounded);
            ulong size = Math.Max(section.MemorySize, raw);
            Add(i, section.Name, section.VirtualAddress, loadedAt == null ? size : section.MemorySize, offset, raw, section.Rights);
        }

        if (pieces.Count == 0)
        {
            throw Invalid(source, "NothingToLoad", "has neither headers nor sections with memory, so there is nothing to lay out");
        }

        ulong last = headers.ImageSize == 0 ? at : at + (headers.ImageSize - 1UL);
        if (pieces.Exists(p => p.Last > last))
        {
            diagnostics.Add(new ElfDiagnostic("SectionOutsideImage",
                $"SizeOfImage is 0x{headers.ImageSize:x}, and sections reach beyond that; they were taken as they are."));
        }

        var plan = new LoadPlan
        {
            Kind = ImageKind.Pe,
            Input = input,
            Class = headers.Is64 ? 64 : 32,
            WordSize = headers.Is64 ? 64 : 32,
            ByteOrder = ByteOrder.Little,
            Machine = PeNames.Machine(headers.Machine),
            Architecture = PeNames.ArchitectureOf(headers.Machine),
            Type = PeNames.Type(headers.Characteristics, headers.Subsystem),
            EntryPoint = headers.Entry == 0 ? null : at + headers.Entry,
            LoadBias = at - headers.ImageBase,
            Pieces = pieces,
            Last = last >= at ? last : null,
        };
        plan.Diagnostics.AddRange(diagnostics);
        return plan;

        void Add(int index, string name, uint relative, ulong size, ulong offset, ulong raw, Rights rights)
        {
            if (size == 0)
            {
                return;
            }

            ulong address = at + relative;
            if (address < at || size - 1 > ulong.MaxValue - address)
            {
                diagnostics.Add(new ElfDiagnostic("SegmentPastEnd",
                    $"'{name}' has 0x{size:x} bytes at 0x{relative:x} from 0x{at:x} on, which is past the last address; it was left out."));
                return;
            }

            (ulong start, ulong meant) = loadedAt == null ? (offset, raw) : (relative, size);
            ulong there = start < input.Length ? Math.Min(meant, input.Length - start) : 0;
            if (there < meant && loadedAt == null)
            {
                diagnostics.Add(new ElfDiagnostic("SegmentOutsideFile",
                    $"'{name}' has 0x{meant:x} bytes from offset 0x{start:x} on, and the file ends at 0x{input.Length:x}; 0x{there:x} of them were "
                    + "taken, and zeros for the rest.")
                {
                    Offset = start,
                });
            }

            pieces.Add(new LoadPiece(index, name, address, size, headers.ImageBase + relative, start, there, meant - there, rights));
        }
    }

    private static ElfMmuException Invalid(string source, string id, string what) => new(
        id, id is "ImageFormatUnknown" or "NothingToLoad" ? ErrorKind.InvalidData : ErrorKind.InvalidArgument, $"'{source}' {what}.")
    { Path = source };
}
