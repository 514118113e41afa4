namespace ElfMmu.Dumps;

/// <summary>Where a page's bytes are in a kdump-compressed file (makedumpfile, struct page_desc).</summary>
/// <param name="Offset">The offset of its bytes; 0 where whoever wrote it had no room for the page.</param>
/// <param name="Size">How many they are.</param>
/// <param name="Flags">How they are compressed.</param>
internal readonly record struct KdumpDescriptor(ulong Offset, uint Size, uint Flags)
{
    private const uint Compressions = KdumpHeader.Zlib | KdumpHeader.Lzo | KdumpHeader.Snappy | KdumpHeader.Zstandard;

    /// <summary>What it is compressed with; 0 where it is stored.</summary>
    public uint Compression => Flags & Compressions;

    /// <summary>Whether its bytes are in a file of a length.</summary>
    public bool IsInside(ulong length) => Offset > 0 && Offset <= length && Size <= length - Offset;
}
