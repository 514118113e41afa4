namespace ElfMmu.Discovery;

/// <summary>Counts the different ones among many numbers: one bit for each there may be, cleared in the time it took to set them.</summary>
/// <param name="bits">How many bits a number has, at most 31.</param>
internal sealed class DistinctNumbers(int bits)
{
    private readonly ulong[] _present = new ulong[1 << Math.Max(0, bits - 6)];
    private readonly List<uint> _numbers = [];

    /// <summary>How many different ones there were.</summary>
    public int Count => _numbers.Count;

    /// <summary>Adds a number; one that is already there changes nothing. O(1).</summary>
    public void Add(uint number)
    {
        ref ulong word = ref _present[number >> 6];
        ulong bit = 1UL << (int)(number & 63);
        if ((word & bit) == 0)
        {
            word |= bit;
            _numbers.Add(number);
        }
    }

    /// <summary>The different ones, in the order in which they came.</summary>
    public uint[] ToArray() => [.. _numbers];

    /// <summary>Forgets all. O(n).</summary>
    public void Clear()
    {
        foreach (uint number in _numbers)
        {
            _present[number >> 6] = 0;
        }

        _numbers.Clear();
    }
}
