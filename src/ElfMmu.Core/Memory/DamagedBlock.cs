namespace ElfMmu.Memory;

/// <summary>A block whose bytes can't be had.</summary>
/// <param name="Source">The name of the source: the path of the file.</param>
/// <param name="FileOffset">Where its packed bytes are in the file.</param>
/// <param name="Offset">The offset of its first byte in what is unpacked, as runs of memory count it.</param>
/// <param name="Size">How many bytes are missing.</param>
/// <param name="Reason">What is wrong, in words.</param>
public readonly record struct DamagedBlock(string Source, ulong FileOffset, ulong Offset, int Size, string Reason);
