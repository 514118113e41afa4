namespace ElfMmu.Dumps;

/// <summary>A stretch of RAM that a machine description names.</summary>
/// <param name="Start">The first physical address.</param>
/// <param name="Size">The length in bytes.</param>
/// <param name="DumpFile">The full path of the raw image that holds it; null when none is named.</param>
/// <param name="Offset">Where it begins in that image, in bytes.</param>
internal readonly record struct RamPiece(ulong Start, ulong Size, string? DumpFile, ulong Offset = 0);
