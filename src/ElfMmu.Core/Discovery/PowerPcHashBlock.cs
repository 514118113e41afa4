using System.Runtime.CompilerServices;

namespace ElfMmu.Discovery;

/// <summary>What is kept of each 64 KiB of physical memory: the smallest hash table, and the step in which others grow.</summary>
internal struct PowerPcHashBlock
{
    /// <summary>Whether it could be part of a table: it is in the dump, and hardly any slot has a reserved bit set.</summary>
    public bool IsClean;

    /// <summary>How many slots have V and no reserved bit.</summary>
    public ushort Valid;

    /// <summary>How many slots have a reserved bit, with V or without.</summary>
    public ushort Malformed;

    /// <summary>How many slots are well-formed without V, and not zero.</summary>
    public ushort Stale;

    /// <summary>How many valid ones repeat another of their group: the search finds the first only.</summary>
    public ushort Repeated;

    private Counts _agreeing;

    /// <summary>
    /// How many valid ones are where their hash says in a table of 2^bits blocks: those whose hash has the block's number in its
    /// low bits.
    /// </summary>
    public readonly int Agreeing(int bits)
    {
        int sum = 0;
        for (int i = bits; i <= PowerPcPteFormat.MaskBits; i++)
        {
            sum += _agreeing[i];
        }

        return sum;
    }

    /// <summary>Counts a valid entry whose hash agrees with the block's number in so many low bits.</summary>
    public void AddValid(int agreeingBits)
    {
        Valid++;
        _agreeing[agreeingBits]++;
    }

    [InlineArray(PowerPcPteFormat.MaskBits + 1)]
    private struct Counts
    {
        private ushort _first;
    }
}
