namespace ElfMmu.Paging;

/// <summary>Takes mappings as the walker finds them, ascending by virtual address.</summary>
public interface IMappingSink
{
    /// <summary>Takes one mapping.</summary>
    /// <returns>False to end the walk.</returns>
    bool Add(in Mapping mapping);
}
