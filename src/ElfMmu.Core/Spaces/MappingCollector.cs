using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>Gathers all mappings of a walk, but no more than <see cref="SpaceMap.MostMappings"/>.</summary>
/// <param name="tooMany">What to say when there are more: of what, and what to do.</param>
/// <param name="dump">The dump.</param>
internal readonly struct MappingCollector(string tooMany, MemoryDump dump) : IMappingSink
{
    /// <summary>The mappings.</summary>
    public List<Mapping> Mappings { get; } = [];

    /// <inheritdoc/>
    /// <exception cref="ElfMmuException"><c>SpaceTooLarge</c>: this is one too many.</exception>
    public bool Add(in Mapping mapping)
    {
        if (Mappings.Count == SpaceMap.MostMappings)
        {
            throw new ElfMmuException("SpaceTooLarge", ErrorKind.LimitsExceeded, tooMany) { Path = dump.Identity.Path };
        }

        Mappings.Add(mapping);
        return true;
    }
}
