namespace ElfMmu.Searching;

/// <summary>A stretch that is contiguous in virtual and in physical memory, as large as possible, and all of which is searched.</summary>
/// <param name="Virtual">The first virtual address.</param>
/// <param name="Physical">The first physical address.</param>
/// <param name="Size">How many bytes.</param>
/// <param name="HasNext">Whether the next strand goes on where this one ends, in virtual memory only.</param>
internal readonly record struct Strand(ulong Virtual, ulong Physical, ulong Size, bool HasNext)
{
    /// <summary>The last physical address.</summary>
    public ulong LastPhysical => Physical + (Size - 1);

    /// <summary>The last virtual address.</summary>
    public ulong LastVirtual => Virtual + (Size - 1);
}
