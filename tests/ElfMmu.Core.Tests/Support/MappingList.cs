using ElfMmu.Paging;

namespace ElfMmu.Tests.Support;

/// <summary>Keeps every mapping, or as many as it is asked to.</summary>
internal readonly struct MappingList : IMappingSink
{
    private readonly int _limit;

    public MappingList()
        : this(int.MaxValue)
    {
    }

    public MappingList(int limit) => _limit = limit;

    public List<Mapping> Items { get; } = [];

    public bool Add(in Mapping mapping)
    {
        Items.Add(mapping);
        return Items.Count < _limit;
    }
}
