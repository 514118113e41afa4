using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Tests.Support;

/// <summary>Walks written short.</summary>
internal static class Walks
{
    public static List<Mapping> All(this AddressSpace space, bool perPage = false, bool includeAbsent = true) =>
        space.Walk(space.NewWalk() with { PerPage = perPage, IncludeAbsent = includeAbsent }, out _);

    public static List<Mapping> Walk(this AddressSpace space, WalkRequest request, out WalkSummary summary)
    {
        var list = new MappingList();
        summary = space.Walk(request, ref list);
        return list.Items;
    }

    public static List<Mapping> Walk(this PagingMode mode, WalkRequest request, out WalkSummary summary)
    {
        var list = new MappingList();
        summary = mode.Walk(request, ref list);
        return list.Items;
    }

    public static AddressSpace Space(this MemoryDump dump, ulong? root = null, string? mode = null) =>
        AddressSpace.Open(dump, new SpaceRequest { Root = root, Mode = mode });

    /// <summary>The whole leaves of a walk by page, by first address: what stands behind one may cut it to pieces.</summary>
    public static SortedDictionary<ulong, ulong> Leaves(IEnumerable<Mapping> pages)
    {
        var leaves = new SortedDictionary<ulong, ulong>();
        foreach (Mapping page in pages)
        {
            ulong within = page.VirtualAddress & (page.Attributes.PageSize - 1);
            ulong physical = page.PhysicalAddress - within;
            if (!leaves.TryAdd(page.VirtualAddress - within, physical) && leaves[page.VirtualAddress - within] != physical)
            {
                throw new InvalidDataException($"The leaf of 0x{page.VirtualAddress:x} has two physical addresses.");
            }
        }

        return leaves;
    }

    /// <summary>The mapping that holds an address, in a list ascending by virtual address.</summary>
    public static Mapping? Find(List<Mapping> mappings, ulong address)
    {
        int low = 0;
        int high = mappings.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (mappings[middle].LastAddress < address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < mappings.Count && mappings[low].VirtualAddress <= address ? mappings[low] : null;
    }

    public static ulong? Translate(List<Mapping> mappings, ulong address) =>
        Find(mappings, address) is { } found ? found.PhysicalAddress + (address - found.VirtualAddress) : null;
}
