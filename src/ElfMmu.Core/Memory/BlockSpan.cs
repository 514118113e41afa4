namespace ElfMmu.Memory;

/// <summary>A block of a <see cref="BlockDataSource"/>: what is unpacked together.</summary>
/// <param name="Number">Its number, different from that of any other block of the source.</param>
/// <param name="Start">The offset of its first byte in what is unpacked.</param>
/// <param name="Size">How many bytes it unpacks to; at least 1.</param>
/// <param name="FileOffset">Where its packed bytes are in the file, for messages.</param>
internal readonly record struct BlockSpan(ulong Number, ulong Start, int Size, ulong FileOffset)
{
    /// <summary>The offset behind it in what is unpacked.</summary>
    public ulong End => Start + (ulong)Size;
}
