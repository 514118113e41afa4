using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Pictures;

/// <summary>
/// Gathers the mappings of one or several address spaces, in any order, for a picture in which the spaces stand side by side in
/// the order in which they came up. Memory is O(mappings).
/// </summary>
public sealed class AddressSpacePicture
{
    private readonly Dictionary<SpaceIdentity, PictureColumn> _byIdentity = [];
    private readonly List<PictureColumn> _columns = [];
    private PictureColumn? _last;

    /// <summary>Makes an empty collection.</summary>
    /// <param name="filter">Which mappings are taken; all of them by default.</param>
    public AddressSpacePicture(MappingFilter filter = default) => Filter = filter;

    /// <summary>Which mappings are taken.</summary>
    public MappingFilter Filter { get; }

    /// <summary>The spaces there are so far.</summary>
    public IEnumerable<SpaceIdentity> Spaces => _columns.Select(c => c.Space);

    /// <summary>How many mappings were taken.</summary>
    public int Count => _columns.Sum(c => c.Mappings.Count);

    /// <summary>The spaces with their mappings.</summary>
    internal IReadOnlyList<PictureColumn> Columns => _columns;

    /// <summary>Gives a space its place, even if no mapping of it should come.</summary>
    public void Add(SpaceIdentity space) => _last = ColumnOf(space);

    /// <summary>Takes a mapping of a space, if the filter lets it pass. Amortised O(1).</summary>
    public void Add(in Mapping mapping, SpaceIdentity space)
    {
        if (!Filter.Accepts(mapping.Attributes))
        {
            return;
        }

        _last = ReferenceEquals(_last?.Space, space) ? _last! : ColumnOf(space);
        _last.Mappings.Add(mapping);
    }

    private PictureColumn ColumnOf(SpaceIdentity space)
    {
        if (!_byIdentity.TryGetValue(space, out PictureColumn? column))
        {
            column = new PictureColumn(space);
            _byIdentity.Add(space, column);
            _columns.Add(column);
        }

        return column;
    }
}
