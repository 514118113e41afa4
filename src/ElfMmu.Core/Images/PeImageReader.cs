using ElfMmu.Paging;

namespace ElfMmu.Images;

/// <summary>
/// Reads a PE image in a space and says how it lies there: loaded, each section at its relative address, or as in its file, each at its
/// place in the file (PE format, "Section Table"). What the data directories lead to decides.
/// </summary>
internal sealed class PeImageReader(SpaceView view)
{
    private static readonly int[] Telling =
        [PeDirectory.Export, PeDirectory.Import, PeDirectory.Relocations, PeDirectory.Debug, PeDirectory.ClrHeader];

    private readonly byte[] _buffer = new byte[PeImageHeaders.BufferSize];

    /// <summary>Reads an image.</summary>
    /// <param name="address">The address of its header.</param>
    /// <param name="page">The mapping of its first page.</param>
    /// <param name="withHeaders">Whether an image of which there is only a header is wanted too; else its state is all that is said.</param>
    /// <returns>Null if there is none.</returns>
    public MappedImage? Read(ulong address, in Mapping page, bool withHeaders)
    {
        if (PeImageHeaders.Read(view, address, _buffer) is not { } headers)
        {
            return null;
        }

        var loaded = new PeImageContent(view, headers, address, isLoaded: true);
        var file = new PeImageContent(view, headers, address, isLoaded: false);
        ImageState state = State(headers, loaded, file, address);
        if (state == ImageState.HeaderOnly && !withHeaders)
        {
            return new MappedImage(view.Space) { Address = address, Kind = ImageKind.Pe, State = state };
        }

        PeImageContent? content = state switch
        {
            ImageState.Loaded => loaded,
            ImageState.File => file,
            _ => null,
        };
        (string Id, string? Path)? pdb = content?.Pdb();
        (ulong size, ulong total, ulong present) = Extent(headers, state, address);
        return new MappedImage(view.Space)
        {
            Address = address,
            PhysicalAddress = page.PhysicalAddress + (address - page.VirtualAddress),
            Kind = ImageKind.Pe,
            State = state,
            Class = headers.Is64 ? 64 : 32,
            ByteOrder = ByteOrder.Little,
            Machine = PeNames.Machine(headers.Machine),
            Type = PeNames.Type(headers.Characteristics, headers.Subsystem),
            EntryPoint = headers.Entry == 0 ? null : content?.At(headers.Entry),
            LoadBias = state == ImageState.Loaded ? address - headers.ImageBase : null,
            Size = size,
            ImageSize = headers.ImageSize,
            TotalBytes = total,
            PresentBytes = present,
            Segments = Array.AsReadOnly<ImageSegment>([.. headers.Sections.Select(s => Segment(s, state, address))]),
            BuildId = pdb?.Id,
            Name = content?.ExportName() ?? FileName(pdb?.Path),
            DebugFile = pdb?.Path,
            Doubts = Array.AsReadOnly<string>([.. headers.Doubts]),
            SupervisorRights = RightsFormat.Format(page.Attributes.Supervisor),
            UserRights = RightsFormat.Format(page.Attributes.User),
        };
    }

    /// <summary>The last part of a path of Windows or Unix.</summary>
    private static string? FileName(string? path) => path?[(path.LastIndexOfAny(['\\', '/']) + 1)..] is { Length: > 0 } name ? name : null;

    private static ulong? InSpace(ulong address, uint offset) => offset <= ulong.MaxValue - address ? address + offset : null;

    private ImageState State(PeImageHeaders headers, PeImageContent loaded, PeImageContent file, ulong address)
    {
        ProbeCount inMemory = default;
        ProbeCount inFile = default;
        ProbeCount common = default;
        foreach (int index in Telling)
        {
            // Where both readings have it at the same place, it says nothing of which of them is right, but that one of them is.
            if (loaded.At(headers.Directory(index).Address) != file.At(headers.Directory(index).Address))
            {
                inMemory.Add(loaded.Look(index));
                inFile.Add(file.Look(index));
            }
            else
            {
                common.Add(file.Look(index));
            }
        }

        if (IsSound(headers, address) && inMemory.Differs <= inMemory.Fits && common.Differs <= common.Fits
            && IsLoaded(headers, inMemory, inFile, address))
        {
            return ImageState.Loaded;
        }

        return inFile.Fits > inFile.Differs
            || (inFile is { Fits: 0, Differs: 0 } && common is { Fits: > 0, Differs: 0 } && view.Unbroken(address) >= FileSize(headers))
            ? ImageState.File
            : ImageState.HeaderOnly;
    }

    /// <summary>Whether the sections can be loaded: ascending, disjoint and within the image (PE format, "Section Table").</summary>
    private static bool IsSound(PeImageHeaders headers, ulong address)
    {
        if (headers.ImageSize == 0 || headers.ImageSize - 1 > ulong.MaxValue - address || headers.HeaderSize > headers.ImageSize)
        {
            return false;
        }

        ulong end = 0;
        foreach (PeSection section in headers.Sections)
        {
            if (section.VirtualAddress < end || (ulong)section.VirtualAddress + section.MemorySize > headers.ImageSize)
            {
                return false;
            }

            end = (ulong)section.VirtualAddress + section.MemorySize;
        }

        return true;
    }

    private bool IsLoaded(PeImageHeaders headers, ProbeCount probes, ProbeCount others, ulong address)
    {
        var fit = RightsFit.Agrees;
        int seen = 0;
        bool isOnePlace = true;
        foreach (PeSection section in headers.Sections)
        {
            RightsFit one = ImageRights.Compare(
                view, address + section.VirtualAddress, section.MemorySize, section.Rights, out bool any);
            fit = one < fit ? one : fit;
            seen += any ? 1 : 0;
            isOnePlace &= section.FileSize == 0 || section.VirtualAddress == section.RawOffset;
        }

        // Windows writes into ImageBase where it loaded the image; and contents where only loading puts them tell as much.
        return fit != RightsFit.Contradicts && seen > 0
            && (probes.Fits > 0
                || (headers.ImageBase == address && others.Fits == 0)
                || (fit == RightsFit.Agrees && (isOnePlace || seen > 1) && others.Fits == 0));
    }

    private static ulong FileSize(PeImageHeaders headers) => headers.Sections.Aggregate(
        (ulong)headers.HeaderSize, (length, s) => Math.Max(length, (ulong)s.RawOffset + s.RawSize));

    private ImageSegment Segment(PeSection section, ImageState state, ulong address)
    {
        ulong? at = state switch
        {
            ImageState.Loaded when section.MemorySize > 0 => InSpace(address, section.VirtualAddress),
            ImageState.File when section.RawSize > 0 => InSpace(address, section.RawOffset),
            _ => null,
        };
        ulong present = at is { } a ? view.Present(a, state == ImageState.Loaded ? section.MemorySize : section.RawSize) : 0;
        return new ImageSegment(
            section.Name,
            at,
            section.VirtualAddress,
            section.MemorySize,
            section.RawOffset,
            section.RawSize,
            RightsFormat.Format(section.Rights),
            present);
    }

    /// <summary>How much of the space it takes, how much there ought to be of it, and how much is there.</summary>
    private (ulong Size, ulong Total, ulong Present) Extent(PeImageHeaders headers, ImageState state, ulong address)
    {
        if (state == ImageState.Loaded)
        {
            ulong total = headers.HeaderSize;
            ulong present = view.Present(address, headers.HeaderSize);
            foreach (PeSection section in headers.Sections)
            {
                total += section.MemorySize;
                present += view.Present(address + section.VirtualAddress, section.MemorySize);
            }

            ulong last = (address + (headers.ImageSize - 1UL)) | (view.PageSize - 1);
            return (last - address + 1, total, present);
        }

        ulong length = FileSize(headers);
        ulong there = view.Unbroken(address);
        return state == ImageState.File
            ? (Math.Min(length, there), length, Math.Min(length, there))
            : (Math.Min(ImageHeads.PageSize, there), length, Math.Min(Math.Min(ImageHeads.PageSize, there), length));
    }
}
