using ElfMmu.Dumps;

namespace ElfMmu.Discovery;

/// <summary>Looks for the roots of address spaces in a dump of which nothing is known.</summary>
public static class RootFinder
{
    /// <summary>Looks for roots.</summary>
    public static RootSearch Find(MemoryDump dump, RootSearchOptions? options = null, CancellationToken cancellation = default) =>
        new() { Dump = dump.Identity, Roots = [] };
}
