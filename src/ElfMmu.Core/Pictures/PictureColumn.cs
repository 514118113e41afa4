using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Pictures;

/// <summary>One address space of a picture.</summary>
internal sealed class PictureColumn(SpaceIdentity space)
{
    public SpaceIdentity Space { get; } = space;

    /// <summary>As they came.</summary>
    public List<Mapping> Mappings { get; } = [];

    /// <summary>
    /// The mappings ascending by address and without overlaps: the same one twice, or a part of one, does no harm. O(n), or
    /// O(n log n) if they came in disorder.
    /// </summary>
    /// <exception cref="ElfMmuException"><c>MappingConflict</c>: two of them say different things of one address.</exception>
    public Mapping[] ToSortedArray()
    {
        Mapping[] sorted = [.. Mappings];
        ulong[] keys = Array.ConvertAll(sorted, m => m.VirtualAddress);
        if (!IsAscending(keys))
        {
            Array.Sort(keys, sorted);
        }

        int kept = 0;
        foreach (Mapping mapping in sorted)
        {
            if (kept == 0 || mapping.VirtualAddress > sorted[kept - 1].LastAddress)
            {
                sorted[kept++] = mapping;
                continue;
            }

            Mapping last = sorted[kept - 1];
            if (mapping.PhysicalAddress - last.PhysicalAddress != mapping.VirtualAddress - last.VirtualAddress
                || mapping.Attributes.RightsKey != last.Attributes.RightsKey)
            {
                throw new ElfMmuException(
                    "MappingConflict",
                    ErrorKind.InvalidArgument,
                    $"Two mappings of root 0x{Space.Root:x} in '{Space.Dump.Path}' say different things of virtual "
                    + $"0x{mapping.VirtualAddress:x}. Draw those that belong together.");
            }

            if (mapping.LastAddress > last.LastAddress)
            {
                ulong known = last.LastAddress - mapping.VirtualAddress + 1;
                sorted[kept++] = mapping with
                {
                    VirtualAddress = mapping.VirtualAddress + known,
                    PhysicalAddress = mapping.PhysicalAddress + known,
                    Size = mapping.Size - known,
                };
            }
        }

        return sorted[..kept];
    }

    private static bool IsAscending(ulong[] keys)
    {
        for (int i = 1; i < keys.Length; i++)
        {
            if (keys[i] < keys[i - 1])
            {
                return false;
            }
        }

        return true;
    }
}
