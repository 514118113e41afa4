namespace ElfMmu.Memory;

/// <summary>A stretch of physical memory and where its bytes are.</summary>
/// <param name="Start">The first physical address.</param>
/// <param name="Size">The length in bytes, at least 1; <c>Start + Size - 1</c> must not pass 2^64.</param>
/// <param name="Source">The source that holds the bytes.</param>
/// <param name="Offset">The offset of the first byte in the source.</param>
public readonly record struct PhysicalRun(ulong Start, ulong Size, DataSource Source, ulong Offset)
{
    /// <summary>The last physical address.</summary>
    public ulong Last => Start + Size - 1;
}
