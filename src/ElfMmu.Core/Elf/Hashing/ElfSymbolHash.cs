namespace ElfMmu.Elf.Hashing;

/// <summary>The two hash functions of symbols' names.</summary>
public static class ElfSymbolHash
{
    /// <summary>The function of DT_HASH and of versions (gABI, "Hash Table"). O(bytes).</summary>
    /// <param name="name">The name without its NUL.</param>
    public static uint SystemV(ReadOnlySpan<byte> name)
    {
        uint hash = 0;
        foreach (byte b in name)
        {
            hash = (hash << 4) + b;
            uint high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }

        return hash;
    }

    /// <summary>The function of DT_GNU_HASH: Bernstein's, with 33. O(bytes).</summary>
    /// <param name="name">The name without its NUL.</param>
    public static uint Gnu(ReadOnlySpan<byte> name)
    {
        uint hash = 5381;
        foreach (byte b in name)
        {
            hash = (hash * 33) + b;
        }

        return hash;
    }
}
