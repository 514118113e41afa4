namespace ElfMmu.Inspection;

/// <summary>A stretch of the physical address space.</summary>
/// <param name="Start">The first address.</param>
/// <param name="Size">The length in bytes, at least 1.</param>
/// <param name="Name">What it is, where the dump names it.</param>
public sealed record MemoryRange(ulong Start, ulong Size, string? Name = null)
{
    /// <summary>The last address.</summary>
    public ulong End => Start + (Size - 1);

    /// <summary>First and last address, and the name.</summary>
    public override string ToString() => $"0x{Start:x}-0x{End:x}{(Name == null ? "" : " " + Name)}";
}
