using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Images;

/// <summary>
/// Finds executables in an address space by their headers: ELF and PE, at the start of each mapped 4 KiB of RAM. Every offset, count and
/// size in a header is taken for hostile: nothing is allocated for it, and it is followed only where the space has it.
/// </summary>
public static class ImageFinder
{
    /// <summary>The most segments or sections that are looked at in an image.</summary>
    public const int MostSegments = 1024;

    /// <summary>At how many addresses one physical page is looked at as the start of an image; more is no way to load anything.</summary>
    public const int MostAddresses = 64;

    /// <summary>How many starts of images are looked at in one space.</summary>
    public const int MostHeads = 1 << 20;

    /// <summary>How many segments and sections are kept of all images of a space together; real ones have a dozen each.</summary>
    public const int MostSegmentsInAll = 1 << 20;

    // What all images of a space together may ask of its view, whether they are kept or not: some seconds. A real one asks for a few hundred.
    private const long MostWork = 1L << 27;

    /// <summary>
    /// Finds images in a space. O(mapped pages) at most, each physical page looked at once however often it is mapped, and O(segments ·
    /// log mappings) for each image. Whatever headers claim, they make no more than a few seconds of work; then there is a warning.
    /// </summary>
    /// <param name="space">The space.</param>
    /// <param name="options">Which images are wanted; null for all but mere headers. Limits may be tagged addresses.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>, or what walking the space throws.</exception>
    public static ImageSearch Find(AddressSpace space, ImageSearchOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new ImageSearchOptions();
        options = options with
        {
            MinimumAddress = space.Untag(options.MinimumAddress),
            MaximumAddress = space.Untag(options.MaximumAddress),
        };
        return Find(SpaceCache.Of(space.Dump).Map(space, cancellation), space.Dump, options, cancellation);
    }

    /// <summary>The same in a space whose map is at hand.</summary>
    /// <param name="map">The map.</param>
    /// <param name="dump">The dump that holds the space.</param>
    /// <param name="options">Which images are wanted; null for all but mere headers. Limits have no tags.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>.</exception>
    public static ImageSearch Find(
        SpaceMap map, MemoryDump dump, ImageSearchOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new ImageSearchOptions();
        var filter = new MappingFilter(options.Privilege);
        (ulong Start, ulong Size)[] extents = Extents(map, options, filter);
        ImageHead[] heads = ImageHeads.Of(dump).Look(extents, cancellation);
        if (options.Kind is { } kind)
        {
            heads = Array.FindAll(heads, h => h.Kind == kind);
        }

        if (heads.Length == 0)
        {
            return new ImageSearch([], 0, Pages(extents), []);
        }

        int[] seen = new int[heads.Length];
        var view = new SpaceView(map, dump.Memory);
        var reader = new ImageReader(view);
        var images = new List<MappedImage>();
        int leftOut = 0;
        int looked = 0;
        int segments = 0;
        ulong often = 0;
        bool full = false;
        foreach (Mapping mapping in map.Mappings)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!Concerns(mapping, options, filter))
            {
                continue;
            }

            for (int i = From(heads, mapping.PhysicalAddress);
                i < heads.Length && heads[i].PhysicalAddress - mapping.PhysicalAddress < mapping.Size;
                i++)
            {
                ulong address = mapping.VirtualAddress + (heads[i].PhysicalAddress - mapping.PhysicalAddress);
                if (address < options.MinimumAddress || address > options.MaximumAddress)
                {
                    continue;
                }

                if (++looked > MostHeads || segments > MostSegmentsInAll || view.Work > MostWork)
                {
                    full = true;
                    break;
                }

                if (++seen[i] > MostAddresses)
                {
                    often++;
                    continue;
                }

                cancellation.ThrowIfCancellationRequested();
                MappedImage? image = reader.Read(address, heads[i].Kind, mapping, options.IncludeHeaders);
                if (image is { State: ImageState.HeaderOnly } && !options.IncludeHeaders)
                {
                    leftOut++;
                }
                else if (image != null)
                {
                    images.Add(image);
                    segments += image.Segments.Count;
                }
            }

            if (full)
            {
                break;
            }
        }

        return new ImageSearch(images, leftOut, Pages(extents), Warnings(map, often, full));
    }

    /// <summary>The image whose header is at an address; null if there is none. O(segments · log mappings).</summary>
    /// <param name="space">The space.</param>
    /// <param name="address">The address, a multiple of 4 KiB; it may be tagged.</param>
    /// <param name="cancellation">Ends the walk of the space.</param>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>, or what walking the space throws.</exception>
    public static MappedImage? At(AddressSpace space, ulong address, CancellationToken cancellation = default) => Find(
        space,
        new ImageSearchOptions { MinimumAddress = address, MaximumAddress = address, IncludeHeaders = true },
        cancellation).Images.FirstOrDefault();

    private static bool Concerns(in Mapping mapping, ImageSearchOptions options, MappingFilter filter) =>
        mapping.Kind == RegionKind.Ram
        && filter.Accepts(mapping.Attributes)
        && mapping.LastAddress >= options.MinimumAddress
        && mapping.VirtualAddress <= options.MaximumAddress;

    /// <summary>The first head at or behind a physical address. O(log heads).</summary>
    private static int From(ImageHead[] heads, ulong address)
    {
        int low = 0;
        for (int high = heads.Length; low < high;)
        {
            int middle = (low + high) >>> 1;
            (low, high) = heads[middle].PhysicalAddress < address ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>The physical ranges that mappings of interest lead to, each once.</summary>
    private static (ulong Start, ulong Size)[] Extents(SpaceMap map, ImageSearchOptions options, MappingFilter filter)
    {
        var extents = new List<(ulong Start, ulong Last)>();
        foreach (Mapping mapping in map.Mappings)
        {
            if (Concerns(mapping, options, filter))
            {
                ulong below = options.MinimumAddress > mapping.VirtualAddress ? options.MinimumAddress - mapping.VirtualAddress : 0;
                ulong above = options.MaximumAddress < mapping.LastAddress ? mapping.LastAddress - options.MaximumAddress : 0;
                extents.Add((mapping.PhysicalAddress + below, mapping.PhysicalAddress + (mapping.Size - 1) - above));
            }
        }

        extents.Sort();
        int count = 0;
        for (int i = 0; i < extents.Count; i++)
        {
            if (count > 0 && extents[i].Start <= extents[count - 1].Last)
            {
                extents[count - 1] = extents[count - 1] with { Last = Math.Max(extents[count - 1].Last, extents[i].Last) };
            }
            else
            {
                extents[count++] = extents[i];
            }
        }

        return [.. extents.Take(count).Select(e => (e.Start, e.Last - e.Start + 1))];
    }

    private static ulong Pages((ulong Start, ulong Size)[] extents) =>
        extents.Aggregate(0UL, (sum, e) => sum + (e.Size / ImageHeads.PageSize));

    private static string[] Warnings(SpaceMap map, ulong often, bool full)
    {
        string where = $"root 0x{map.Space.Root:x} of '{map.Space.Dump.Path}'";
        var warnings = new List<string>();
        if (often > 0)
        {
            warnings.Add($"{where} maps some pages that start as an executable does at more than {MostAddresses} addresses; {often} more "
                + "of these addresses weren't looked at.");
        }

        if (full)
        {
            warnings.Add($"{where} has more than {MostHeads} places that start as an executable does, or more than {MostSegmentsInAll} segments "
                + "in them, or headers that take too long to follow; what is behind these wasn't looked at. Limit the addresses.");
        }

        return [.. warnings];
    }
}
