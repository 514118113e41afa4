using ElfMmu.Intervals;

namespace ElfMmu.Spaces;

/// <summary>
/// Finds what leads to physical memory: every virtual address of one or several spaces. Never changed once built, so any number of threads
/// may look up at once.
/// </summary>
/// <remarks>
/// It has no tables of its own but asks each space's (<see cref="SpaceMap.VirtualAddresses"/>), which are kept with it: what one space has
/// in common with another one, such as a kernel, is found once for each.
/// </remarks>
public sealed class PhysicalIndex
{
    private readonly SpaceMap[] _spaces;

    /// <summary>Makes an index. O(spaces); the spaces' own indexes are built when they are first asked for.</summary>
    /// <param name="spaces">The spaces. They should be of one dump: a physical address means nothing in another machine.</param>
    public PhysicalIndex(params IEnumerable<SpaceMap> spaces) => _spaces = [.. spaces];

    /// <summary>The spaces, in the order of what is found.</summary>
    public IReadOnlyList<SpaceMap> Spaces => _spaces;

    /// <summary>
    /// Finds every virtual address that leads to a physical one: in the order of the spaces, ascending in each. O(log mappings + k log k)
    /// for each space and k matches in it.
    /// </summary>
    public IReadOnlyList<PhysicalMatch> Find(ulong physicalAddress) => Find(Interval.FromStartAndLast(physicalAddress, physicalAddress));

    /// <summary>
    /// Finds all virtual addresses that lead to any of a range of physical ones, of each mapping the part that does, in the same order and
    /// at the same cost.
    /// </summary>
    public IReadOnlyList<PhysicalMatch> Find(Interval physicalAddresses)
    {
        List<PhysicalMatch> found = [];
        foreach (SpaceMap space in _spaces)
        {
            int start = found.Count;
            foreach (OverlapMatch match in space.VirtualAddresses.Find(physicalAddresses))
            {
                found.Add(new PhysicalMatch(space, match.Interval, match.Target, space.Mappings[match.Position]));
            }

            // The mappings of a space don't overlap, so their starts are all there is to compare.
            found.Sort(start, found.Count - start, Comparer<PhysicalMatch>.Create(
                static (a, b) => a.VirtualAddresses.Start.CompareTo(b.VirtualAddresses.Start)));
        }

        return found;
    }
}
