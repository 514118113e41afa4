namespace ElfMmu.Images.Loading;

/// <summary>A stretch of an image that one piece fills.</summary>
/// <param name="Piece">The position of the piece.</param>
/// <param name="Address">Its first address.</param>
/// <param name="Size">Its bytes, from 1.</param>
internal readonly record struct LoadCopy(int Piece, ulong Address, ulong Size);
