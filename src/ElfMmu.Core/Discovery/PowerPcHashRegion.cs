namespace ElfMmu.Discovery;

/// <summary>What memory of a table's size and alignment has in it.</summary>
internal readonly record struct PowerPcHashRegion
{
    /// <summary>Where it starts, in blocks of 64 KiB.</summary>
    public uint First { get; init; }

    /// <summary>The base-two logarithm of its size in blocks.</summary>
    public int Bits { get; init; }

    /// <summary>Whether all of it is in the dump, and hardly any slot has a reserved bit set.</summary>
    public bool IsClean { get; init; }

    /// <summary>How many slots have V and no reserved bit.</summary>
    public int Valid { get; init; }

    /// <summary>How many of those are in a group that their hash leads to in a table of this size.</summary>
    public int Agreeing { get; init; }

    /// <summary>How many slots have a reserved bit.</summary>
    public int Malformed { get; init; }

    /// <summary>How many slots are well-formed without V, and not zero.</summary>
    public int Stale { get; init; }

    /// <summary>How many valid ones repeat another of their group.</summary>
    public int Repeated { get; init; }

    /// <summary>Whether it can be one table: all entries are where their hash says but for one in 16, which a torn dump may have.</summary>
    public bool IsCoherent => IsClean && Valid > 0 && Valid - Agreeing <= Valid / 16;

    /// <summary>
    /// From 0 to 1, how free it is of what no table has more than a trace of: reserved bits, entries that are never found, and two for
    /// one page.
    /// </summary>
    public double Soundness =>
        Unit(1 - (10 * Part(Malformed, Valid + Malformed)))
        * Unit(1 - (10 * Part(Repeated, Valid)))
        * Unit(1 - (8 * Part(Valid - Agreeing, Valid)));

    /// <summary>The physical address.</summary>
    public uint Address => First << PowerPcPteFormat.BlockShift;

    /// <summary>The size in bytes.</summary>
    public ulong Size => (ulong)PowerPcPteFormat.BlockSize << Bits;

    /// <summary>SDR1 for it: HTABORG and HTABMASK.</summary>
    public uint Sdr1 => Address | ((1U << Bits) - 1);

    private static double Part(int part, int whole) => whole == 0 ? 0 : (double)part / whole;

    private static double Unit(double value) => Math.Clamp(value, 0, 1);
}
