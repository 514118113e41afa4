using static ElfMmu.Tests.Paging.ManualBits;

namespace ElfMmu.Tests.Paging;

/// <summary>
/// What both stages of AArch64 share (Arm ARM DDI 0487, D8.2 "Translation process" and D8.3 "Translation table descriptor
/// formats"), read word for word: where the start table is, what a descriptor is, and which address it holds.
/// </summary>
/// <param name="GranuleBits">The log2 of the granule: 12, 14 or 16.</param>
/// <param name="Ds">TCR.DS, which the 64 KiB granule doesn't have.</param>
/// <param name="OutputBits">The output address size.</param>
/// <param name="InputBits">The input address size: 64 - TxSZ.</param>
/// <param name="StartLevel">The level of the first look-up: -1 to 3.</param>
internal sealed record AArch64Tables(int GranuleBits, bool Ds, int OutputBits, int InputBits, int StartLevel)
{
    private const int FinalLevel = 3;

    /// <summary>How many bits of the address a whole table resolves.</summary>
    public int Stride => GranuleBits - 3;

    /// <summary>Whether addresses in tables have 52 bits: by DS with 4 and 16 KiB, by a 52-bit size with 64 KiB.</summary>
    public bool Wide => GranuleBits == 16 ? OutputBits == 52 : Ds;

    /// <summary>The log2 of the start table's alignment: its size, and 64 bytes or more where TTBR[5:2] are address.</summary>
    public int StartAlignment
    {
        get
        {
            int size = InputBits - Low(StartLevel) + 3;
            return Wide ? Math.Max(size, 6) : size;
        }
    }

    /// <summary>TCR.IPS and VTCR.PS; 0b111 is reserved and taken as 52 bits.</summary>
    public static int PhysicalBits(ulong field) => field switch
    {
        0 => 32,
        1 => 36,
        2 => 40,
        3 => 42,
        4 => 44,
        5 => 48,
        _ => 52,
    };

    /// <summary>TxSZ brought into the range of the granule, as a CPU with FEAT_LVA, FEAT_LPA2 and FEAT_TTST has it.</summary>
    public static int ClampSize(int txsz, int granuleBits, bool ds) =>
        Math.Clamp(txsz, granuleBits == 16 || ds ? 12 : 16, granuleBits == 16 ? 47 : 48);

    /// <summary>The lowest bit of the input address that selects an entry at a level.</summary>
    public int Low(int level) => GranuleBits + ((FinalLevel - level) * Stride);

    /// <summary>Follows the tables from the start level on.</summary>
    /// <returns>The descriptors on the way, the leaf last; null for a fault.</returns>
    public List<ulong>? Walk(
        Func<ulong, int, ulong?> read, ulong ttbr, ulong address, out ulong physical, out ulong size)
    {
        (physical, size) = (0, 0);
        ulong table = Wide ? (Bits(ttbr, 5, 2) << 48) | (Bits(ttbr, 47, 6) << 6) : Bits(ttbr, 47, 1) << 1;
        table &= ~((1UL << StartAlignment) - 1);
        if (OutOfRange(table))
        {
            return null;
        }

        var path = new List<ulong>();
        for (int level = StartLevel; ; level++)
        {
            int low = Low(level);
            int high = level == StartLevel ? InputBits - 1 : low + Stride - 1;
            if (read(table + (Bits(address, high, low) * 8), 8) is not { } descriptor || !Bit(descriptor, 0))
            {
                return null;
            }

            path.Add(descriptor);
            bool leaf = level == FinalLevel || !Bit(descriptor, 1);
            if (leaf)
            {
                // At the last level bits[1:0] of 0b01 are reserved; above it they are a block, where there are blocks.
                if (level == FinalLevel ? !Bit(descriptor, 1) : !HasBlocks(level))
                {
                    return null;
                }

                ulong output = Address(descriptor, low);
                physical = output | Bits(address, low - 1, 0);
                size = 1UL << low;
                return OutOfRange(output) ? null : path;
            }

            table = Address(descriptor, GranuleBits);
            if (OutOfRange(table))
            {
                return null;
            }
        }
    }

    private bool HasBlocks(int level) => GranuleBits switch
    {
        12 => level is 1 or 2 || (level == 0 && Ds),
        14 => level == 2 || (level == 1 && Ds),
        _ => level == 2 || (level == 1 && OutputBits == 52),
    };

    /// <summary>The address in a descriptor, whose in-place part goes down to a bit; what lies below in it is ignored.</summary>
    private ulong Address(ulong descriptor, int low)
    {
        if (!Wide)
        {
            return Bits(descriptor, 47, low) << low;
        }

        return GranuleBits == 16
            ? (Bits(descriptor, 15, 12) << 48) | (Bits(descriptor, 47, low) << low)
            : (Bits(descriptor, 9, 8) << 50) | (Bits(descriptor, 49, low) << low);
    }

    /// <summary>An Address size fault.</summary>
    private bool OutOfRange(ulong address) => address >> OutputBits != 0;
}
