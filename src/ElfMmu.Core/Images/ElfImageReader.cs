using ElfMmu.Elf;
using ElfMmu.Paging;

namespace ElfMmu.Images;

/// <summary>
/// Reads an ELF image in a space and says how it lies there. Two readings compete: loaded, each segment at its address plus a bias (gABI,
/// "Program Loading"), or as in its file, each at its offset. What stands at the places where they differ decides.
/// </summary>
internal sealed class ElfImageReader(SpaceView view)
{
    private readonly byte[] _buffer = new byte[ImageFinder.MostSegments * ElfEncoder.MaxProgramHeaderSize];

    /// <summary>Reads an image.</summary>
    /// <param name="address">The address of its header.</param>
    /// <param name="page">The mapping of its first page.</param>
    /// <param name="withHeaders">Whether an image of which there is only a header is wanted too; else its state is all that is said.</param>
    /// <returns>Null if there is none.</returns>
    public MappedImage? Read(ulong address, in Mapping page, bool withHeaders)
    {
        if (ElfImageHeaders.Read(view, address, _buffer) is not { } headers)
        {
            return null;
        }

        ElfImageLayout? layout = headers is { Type: ElfType.Executable or ElfType.SharedObject, IsComplete: true }
            ? ElfImageLayout.Of(headers, address, view.PageSize)
            : null;
        if (layout is { } l && (!l.FitsAbove(address) || (headers.Type == ElfType.Executable && l.Bias != 0)))
        {
            layout = null;
        }

        ImageState state = State(headers, layout, address, page);
        if (state == ImageState.HeaderOnly && !withHeaders)
        {
            return new MappedImage(view.Space) { Address = address, State = state };
        }

        ulong Linked(ulong linked) => linked + layout!.Value.Bias;
        ulong? Locate(ElfProgramHeader s) => (s.FileSize | s.MemorySize) == 0 ? null : state switch
        {
            ImageState.Loaded => s.MemorySize > 0 && layout!.Value.Holds(s.VirtualAddress, 1) ? Linked(s.VirtualAddress) : null,
            ImageState.File => s.FileSize > 0 ? InFile(address, s.Offset) : null,
            _ => s.FileSize > 0 && s.Offset < ImageHeads.PageSize && s.FileSize <= ImageHeads.PageSize - s.Offset
                ? address + s.Offset
                : null,
        };

        ImageSegment[] segments = [.. headers.Segments.Select(s => Segment(s, headers.Machine, state, Locate(s)))];
        (ulong size, ulong total, ulong present) = Extent(headers, layout, state, address);
        return new MappedImage(view.Space)
        {
            Address = address,
            PhysicalAddress = page.PhysicalAddress + (address - page.VirtualAddress),
            Kind = ImageKind.Elf,
            State = state,
            Class = headers.Class == ElfClass.Elf64 ? 64 : 32,
            ByteOrder = headers.Data == ElfData.BigEndian ? ByteOrder.Big : ByteOrder.Little,
            Machine = ElfNames.Machine(headers.Machine),
            Type = TypeName(headers.Type),
            EntryPoint = Entry(headers, layout, state, address),
            LoadBias = state == ImageState.Loaded ? layout!.Value.Bias : null,
            Size = size,
            ImageSize = MemorySize(headers),
            TotalBytes = total,
            PresentBytes = present,
            Segments = segments,
            BuildId = BuildId(headers, state, address, Locate),
            Name = Name(headers, layout, state, address, Locate),
            Doubts = Array.AsReadOnly<string>([.. headers.Doubts]),
            SupervisorRights = RightsFormat.Format(page.Attributes.Supervisor),
            UserRights = RightsFormat.Format(page.Attributes.User),
        };
    }

    private static string TypeName(ElfType type)
    {
        const string Prefix = "ET_";
        string name = ElfNames.Type(type);
        return name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
    }

    /// <summary>A place in the file, where the file starts at an address; null if it would wrap.</summary>
    private static ulong? InFile(ulong address, ulong offset) => offset <= ulong.MaxValue - address ? address + offset : null;

    private static Rights RightsOf(ElfSegmentFlags flags) => (Rights)((uint)flags & 7);

    private ImageState State(ElfImageHeaders headers, ElfImageLayout? layout, ulong address, in Mapping page)
    {
        ProbeCount loaded = default;
        ProbeCount file = default;
        foreach (ElfProgramHeader segment in headers.Segments)
        {
            // Both readings are refuted; nothing more would change that.
            if (file.Differs > 0 && (layout == null || loaded.Differs > 0))
            {
                break;
            }

            ulong? inFile = InFile(address, segment.Offset);
            ulong? inMemory = layout is { } l && l.Holds(segment.VirtualAddress, 1) ? segment.VirtualAddress + l.Bias : null;

            // Where both readings have it at the same place, it says nothing of which of them is right.
            if (inFile != inMemory)
            {
                loaded.Add(inMemory is { } m ? ElfSegmentProbe.Look(view, headers, segment, m) : ImageProbe.Silent);

                // What is in the header's own page came with the header.
                file.Add(inFile is { } f && segment.Offset >= view.PageSize
                    ? ElfSegmentProbe.Look(view, headers, segment, f)
                    : ImageProbe.Silent);
            }
        }

        ImageProbe sections = ElfSectionProbe.Look(view, headers, address);
        file.Add(sections);
        if (layout is { } laidOut && IsLoaded(headers, laidOut, loaded, file, page))
        {
            return ImageState.Loaded;
        }

        return sections switch
        {
            ImageProbe.Fits => ImageState.File,
            ImageProbe.Silent when file is { Fits: > 0, Differs: 0 } => ImageState.File,
            _ => ImageState.HeaderOnly,
        };
    }

    private bool IsLoaded(ElfImageHeaders headers, in ElfImageLayout layout, ProbeCount probes, ProbeCount others, in Mapping page)
    {
        if (probes.Differs > 0)
        {
            return false;
        }

        var fit = RightsFit.Agrees;
        int seen = 0;
        bool isOnePlace = true;
        bool isCleared = false;
        foreach (ElfProgramHeader load in layout.Loads)
        {
            RightsFit one = ImageRights.Compare(
                view, load.VirtualAddress + layout.Bias, load.MemorySize, RightsOf(load.Flags), out bool any);
            if (one == RightsFit.Contradicts)
            {
                return false;
            }

            fit = one < fit ? one : fit;
            seen += any ? 1 : 0;
            isOnePlace &= load.VirtualAddress - layout.Loads[0].VirtualAddress == load.Offset - layout.Loads[0].Offset;

            // Loaders clear what follows a segment's bytes in their last page, if it has more memory than bytes.
            ulong end = load.Offset + load.FileSize;
            isCleared |= load.MemorySize > load.FileSize && headers.Record.SectionHeaderOffset >= end
                && headers.Record.SectionHeaderOffset <= (end | (view.PageSize - 1));
        }

        // The section headers aren't loaded; where they are all the same, and would have been cleared, this is the file.
        if (isOnePlace && isCleared && others.Fits > 0)
        {
            return false;
        }

        // At the very address it was linked for, or with its contents where only loading puts them, more rights than it asks for don't
        // matter: processors without a right to execute give it with every other, and debuggers write to code. Where nothing but the
        // rights tells a loaded image from its file, they have to be its own; and a kernel that can't withhold the right to execute, or
        // doesn't, keeps files with the rights of code.
        return headers.Type == ElfType.Executable
            || probes.Fits > 0
            || (fit == RightsFit.Agrees
                && (isOnePlace ? view.WithholdsExecution || page.Attributes.User != Rights.None : seen > 1 && others.Fits == 0));
    }

    private ImageSegment Segment(in ElfProgramHeader segment, ElfMachine machine, ImageState state, ulong? address)
    {
        ulong present = address is { } at ? view.Present(at, state == ImageState.Loaded ? segment.MemorySize : segment.FileSize) : 0;
        return new ImageSegment(
            ElfNames.SegmentType(segment.Type, machine),
            address,
            segment.VirtualAddress,
            segment.MemorySize,
            segment.Offset,
            segment.FileSize,
            RightsFormat.Format(RightsOf(segment.Flags)),
            present);
    }

    /// <summary>How much of the space it takes, how much there ought to be of it, and how much is there.</summary>
    private (ulong Size, ulong Total, ulong Present) Extent(
        ElfImageHeaders headers, ElfImageLayout? layout, ImageState state, ulong address)
    {
        if (state == ImageState.Loaded)
        {
            ElfImageLayout loaded = layout!.Value;
            ulong total = 0;
            ulong present = 0;
            foreach (ElfProgramHeader load in loaded.Loads)
            {
                total += load.MemorySize;
                present += view.Present(load.VirtualAddress + loaded.Bias, load.MemorySize);
            }

            // Up to the end of its last page, which nothing else can be in; of the last page of all, one byte less than the truth fits.
            ulong last = (loaded.Last + loaded.Bias) | (view.PageSize - 1);
            ulong size = last - address == ulong.MaxValue ? ulong.MaxValue : last - address + 1;
            return (size, total, present);
        }

        ulong length = FileSize(headers, state, address);
        ulong there = view.Unbroken(address);
        return state == ImageState.File
            ? (Math.Min(length, there), length, Math.Min(length, there))
            : (Math.Min(ImageHeads.PageSize, there), length, Math.Min(Math.Min(ImageHeads.PageSize, there), length));
    }

    /// <summary>The length of the file as far as the headers tell; what can't be a place in a file isn't counted.</summary>
    private ulong FileSize(ElfImageHeaders headers, ImageState state, ulong address)
    {
        ulong length = (ulong)ElfEncoder.HeaderSize(headers.Class);
        foreach (ElfProgramHeader segment in headers.Segments)
        {
            length = segment.FileSize <= headers.Highest - segment.Offset ? Math.Max(length, segment.Offset + segment.FileSize) : length;
        }

        if (state == ImageState.File)
        {
            return Math.Max(length, ElfSectionProbe.End(view, headers, address));
        }

        ulong table = (ulong)headers.Record.SectionHeaderCount * (ulong)ElfEncoder.SectionHeaderSize(headers.Class);
        ulong offset = headers.Record.SectionHeaderOffset;
        return table <= headers.Highest - offset ? Math.Max(length, offset + table) : length;
    }

    /// <summary>From the first to the last byte of what is to be loaded; 0 if nothing is, or the segments contradict each other.</summary>
    private static ulong MemorySize(ElfImageHeaders headers)
    {
        ulong first = ulong.MaxValue;
        ulong last = 0;
        foreach (ElfProgramHeader s in headers.Segments)
        {
            if (s.Type != ElfSegmentType.Load || s.MemorySize == 0)
            {
                continue;
            }

            if (s.MemorySize - 1 > headers.Highest - s.VirtualAddress)
            {
                return 0;
            }

            first = Math.Min(first, s.VirtualAddress);
            last = Math.Max(last, s.VirtualAddress + (s.MemorySize - 1));
        }

        return first > last ? 0 : last - first == ulong.MaxValue ? ulong.MaxValue : last - first + 1;
    }

    private ulong? Entry(ElfImageHeaders headers, ElfImageLayout? layout, ImageState state, ulong address)
    {
        ulong entry = headers.Record.Entry;
        if (entry == 0)
        {
            return null;
        }

        if (state == ImageState.Loaded)
        {
            return layout!.Value.Holds(entry, 1) ? entry + layout.Value.Bias : null;
        }

        foreach (ElfProgramHeader s in headers.Segments)
        {
            if (state == ImageState.File && s.Type == ElfSegmentType.Load && entry >= s.VirtualAddress && entry - s.VirtualAddress < s.FileSize)
            {
                return InFile(address, s.Offset) is { } start && entry - s.VirtualAddress <= ulong.MaxValue - start
                    ? start + (entry - s.VirtualAddress)
                    : null;
            }
        }

        return null;
    }

    private string? BuildId(ElfImageHeaders headers, ImageState state, ulong address, Func<ElfProgramHeader, ulong?> locate) =>
        ElfImageFacts.BuildId(view, headers.Data, headers.Segments, locate)
        ?? (state == ImageState.File
            ? ElfImageFacts.BuildId(view, headers.Data, ElfSectionProbe.Notes(view, headers, address), locate)
            : null);

    private string? Name(
        ElfImageHeaders headers, ElfImageLayout? layout, ImageState state, ulong address, Func<ElfProgramHeader, ulong?> locate)
    {
        foreach (ElfProgramHeader segment in state == ImageState.HeaderOnly ? [] : headers.Segments)
        {
            if (segment.Type == ElfSegmentType.Dynamic && locate(segment) is { } at)
            {
                return ElfImageFacts.Name(view, headers, at, segment.FileSize, Strings);
            }
        }

        return null;

        // glibc's loader replaces DT_STRTAB by the address it has in memory, on most architectures; others and the vDSO leave it.
        IEnumerable<ulong> Strings(ulong linked)
        {
            if (state == ImageState.Loaded)
            {
                ElfImageLayout loaded = layout!.Value;
                if (loaded.Holds(linked, 1))
                {
                    yield return linked + loaded.Bias;
                }

                if (loaded.Bias != 0 && loaded.Holds(linked - loaded.Bias, 1))
                {
                    yield return linked;
                }

                yield break;
            }

            foreach (ElfProgramHeader s in headers.Segments)
            {
                if (s.Type == ElfSegmentType.Load && linked >= s.VirtualAddress && linked - s.VirtualAddress < s.FileSize
                    && InFile(address, s.Offset) is { } start
                    && linked - s.VirtualAddress <= ulong.MaxValue - start)
                {
                    yield return start + (linked - s.VirtualAddress);
                    yield break;
                }
            }
        }
    }
}
