using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>The mappings of one space, all or some: one side of a comparison. Never changed.</summary>
public sealed class MappingSet
{
    private readonly Mapping[] _mappings;

    private MappingSet(SpaceIdentity? space, Mapping[] mappings)
    {
        Space = space;
        _mappings = mappings;
    }

    /// <summary>The space; null if there are no mappings that say which.</summary>
    public SpaceIdentity? Space { get; }

    /// <summary>The mappings, ascending and disjoint.</summary>
    public ReadOnlySpan<Mapping> Mappings => _mappings;

    /// <summary>The mappings of a space. O(mappings).</summary>
    /// <param name="map">The space.</param>
    /// <param name="includeAbsent">Whether those count too behind which the dump has nothing.</param>
    public static MappingSet Of(SpaceMap map, bool includeAbsent = false) => new(
        map.Space,
        includeAbsent ? map.Mappings.ToArray() : [.. map.Mappings.ToArray().Where(static m => m.Kind != RegionKind.Absent)]);

    /// <summary>Mappings that were listed. O(n) if they ascend as they were listed, else O(n log n).</summary>
    /// <exception cref="ElfMmuException">
    /// <c>SpacesMixed</c>: they are of several spaces; <c>MappingsOverlap</c>: two have an address in common, as when they are listed twice.
    /// </exception>
    public static MappingSet Of(IEnumerable<PageTableMapping> mappings)
    {
        PageTableMapping[] all = [.. mappings];
        SpaceIdentity? space = all.FirstOrDefault()?.Space;
        if (Array.Find(all, m => !m.Space.Equals(space)) is { } other)
        {
            throw new ElfMmuException(
                "SpacesMixed",
                ErrorKind.InvalidArgument,
                $"The mappings are of several spaces, such as {space} and {other.Space}. Compare one space at a time: group them by Root "
                + "and Dump.");
        }

        Mapping[] sorted = Array.ConvertAll(all, static m => m.AsMapping());
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].VirtualAddress < sorted[i - 1].VirtualAddress)
            {
                Array.Sort(sorted, static (a, b) => a.VirtualAddress.CompareTo(b.VirtualAddress));
                break;
            }
        }

        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].VirtualAddress <= sorted[i - 1].LastAddress)
            {
                throw new ElfMmuException(
                    "MappingsOverlap",
                    ErrorKind.InvalidArgument,
                    $"Virtual address 0x{sorted[i].VirtualAddress:x} of {space} is in two of the mappings. List each of them once.");
            }
        }

        return new MappingSet(space, sorted);
    }
}
