namespace ElfMmu.Dumps;

/// <summary>A piece of a raw image.</summary>
/// <param name="Offset">Its offset in the file, in bytes.</param>
/// <param name="Address">The physical address of its first byte.</param>
public readonly record struct RawPiece(ulong Offset, ulong Address);
