namespace ElfMmu.Dumps;

/// <summary>Pages of a block of RAM that follow each other in a stream of QEMU's.</summary>
/// <param name="First">The number of the first page in its block.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Offset">Where the bytes of the first page are in the file; 0 for pages of one byte all over.</param>
internal readonly record struct QemuStretch(ulong First, ulong Count, ulong Offset)
{
    /// <summary>What stands before each page's bytes when its block is the same as that of the page before.</summary>
    public const ulong HeaderSize = 8;

    /// <summary>The number of the page behind it.</summary>
    public ulong End => First + Count;

    /// <summary>Whether its pages are zeros, and nothing of them is in the file.</summary>
    public bool IsZero => Offset == 0;
}
