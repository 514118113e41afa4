namespace ElfMmu.Pictures;

/// <summary>A stretch of the axis, which is linear from its first to its last address.</summary>
/// <param name="First">The first address; something is mapped there in one of the spaces at least.</param>
/// <param name="Last">The last address; likewise.</param>
/// <param name="Cells">Its height in cells, the smallest thing drawn.</param>
internal readonly record struct Stretch(ulong First, ulong Last, int Cells)
{
    /// <summary>The size in bytes; up to 2^64.</summary>
    public UInt128 Size => (UInt128)(Last - First) + 1;

    /// <summary>Whether it lies in the half that sign-extended addresses begin with a 1.</summary>
    public bool IsUpperHalf => First >> 63 != 0;

    /// <summary>The edge between cells nearest to an offset.</summary>
    public int Round(UInt128 offset) => (int)(((2 * offset * (uint)Cells) + Size) / (2 * Size));

    /// <summary>The cell that holds the middle of a range.</summary>
    public int CellOfMiddle(UInt128 offset, UInt128 size) => (int)UInt128.Min(
        ((2 * offset) + size) * (uint)Cells / (2 * Size), (UInt128)(Cells - 1));
}
