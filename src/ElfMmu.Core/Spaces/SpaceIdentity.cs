using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>Which address space something belongs to.</summary>
/// <param name="Dump">The dump.</param>
/// <param name="Mode">The paging mode.</param>
/// <param name="Root">The physical address of the top table.</param>
public sealed record SpaceIdentity(DumpIdentity Dump, PagingMode Mode, ulong Root)
{
    /// <summary>Root, mode and path.</summary>
    public override string ToString() => $"0x{Root:x} ({Mode.Name}) in {Dump.Path}";
}
