namespace ElfMmu.Paging;

/// <summary>A translation granule of the 64-bit descriptors: the size of the smallest page and of a whole table.</summary>
/// <param name="Name">The size as modes are named for it: <c>4k</c>.</param>
/// <param name="PageShift">The base-two logarithm of the size in bytes.</param>
/// <param name="WidestBlock">How many levels below stand the largest blocks there can be, with addresses of 52 bits.</param>
/// <remarks>Arm ARM DDI 0487, D8.2 "Translation process", the sections for each granule.</remarks>
internal sealed record ArmGranule(string Name, int PageShift, int WidestBlock)
{
    public static readonly ArmGranule Size4K = new("4k", 12, 3);
    public static readonly ArmGranule Size16K = new("16k", 14, 2);
    public static readonly ArmGranule Size64K = new("64k", 16, 2);

    // TG0 and TG1 count the same sizes differently.
    private static readonly ArmGranule?[] Lower = [Size4K, Size64K, Size16K, null];
    private static readonly ArmGranule?[] Upper = [null, Size16K, Size4K, Size64K];

    /// <summary>How many bits of an address a whole table translates.</summary>
    public int Stride => PageShift - 3;

    /// <summary>The granule that TCR_EL1.TG0 or VTCR_EL2.TG0 stands for; null for the reserved value.</summary>
    public static ArmGranule? FromTg0(ulong control) => Lower[(control >> 14) & 3];

    /// <summary>The granule that TCR_EL1.TG1 stands for; null for the reserved value.</summary>
    public static ArmGranule? FromTg1(ulong control) => Upper[(control >> 30) & 3];

    /// <summary>How many levels are below the one where the translation of an address of so many bits starts.</summary>
    public int TopHeight(int addressBits) => (addressBits - 1 - PageShift) / Stride;

    /// <summary>
    /// The levels, the last one first. The top one has what is left of the address, be it more or less than a whole table.
    /// </summary>
    /// <param name="addressBits">How many bits an address has.</param>
    /// <param name="top">How many levels are below the top one.</param>
    public PagingLevel[] Levels(int addressBits, int top)
    {
        var levels = new PagingLevel[top + 1];
        for (int height = 0; height <= top; height++)
        {
            int shift = PageShift + (height * Stride);
            levels[height] = new PagingLevel(
                $"L{3 - height}", 3 - height, shift, height == top ? addressBits - shift : Stride, height <= WidestBlock);
        }

        return levels;
    }
}
