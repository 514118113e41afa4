namespace ElfMmu.Tests.Paging;

/// <summary>A memory of single entries for examples by hand; elsewhere there is none.</summary>
internal sealed class SparseEntries : Dictionary<ulong, ulong>
{
    public ulong? Read(ulong address, int size) =>
        TryGetValue(address, out ulong entry) ? (size == 4 ? (uint)entry : entry) : null;
}
