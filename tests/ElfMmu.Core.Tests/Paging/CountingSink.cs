using ElfMmu.Paging;

namespace ElfMmu.Tests.Paging;

/// <summary>Counts mappings.</summary>
internal struct CountingSink : IMappingSink
{
    public int Count { get; private set; }

    public bool Add(in Mapping mapping)
    {
        Count++;
        return true;
    }
}
