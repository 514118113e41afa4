namespace ElfMmu.Memory;

/// <summary>A named stretch of the physical address space that holds no bytes in the dump, usually a device.</summary>
/// <param name="Start">The first physical address.</param>
/// <param name="Size">The length in bytes, at least 1.</param>
/// <param name="Name">What it is, when known.</param>
public readonly record struct PhysicalRegion(ulong Start, ulong Size, string? Name = null)
{
    /// <summary>The last physical address.</summary>
    public ulong Last => Start + Size - 1;
}
