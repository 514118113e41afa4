namespace ElfMmu.Dumps;

/// <summary>A stretch of physical memory in a LiME or AVML file.</summary>
/// <param name="Start">The first physical address.</param>
/// <param name="Size">How many bytes there are.</param>
/// <param name="Offset">The offset of the first byte: in the file, or in what the packed blocks unpack to.</param>
/// <param name="IsPacked">Which of the two.</param>
internal readonly record struct LimeRange(ulong Start, ulong Size, ulong Offset, bool IsPacked)
{
    /// <summary>The address behind it; 0 at the end of the address space.</summary>
    public ulong End => unchecked(Start + Size);
}
