using System.Numerics;
using System.Runtime.CompilerServices;

namespace ElfMmu.Discovery;

/// <summary>A bit for each frame of a dump, or for each part of a frame; written by several threads at once.</summary>
/// <param name="count">How many frames.</param>
/// <param name="partShift">The base-two logarithm of how many bits a frame has.</param>
internal sealed class FrameBits(ulong count, int partShift = 0)
{
    private readonly ulong[] _words = new ulong[((count << partShift) + 63) / 64];

    /// <summary>The base-two logarithm of how many bits a frame has.</summary>
    public int PartShift => partShift;

    /// <summary>Whether a bit is set.</summary>
    public bool this[ulong index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_words[index >> 6] >> (int)(index & 63) & 1) != 0;
    }

    /// <summary>Sets a bit; no other thread may write to the same bitmap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(ulong index) => _words[index >> 6] |= 1UL << (int)(index & 63);

    /// <summary>Clears a bit; no other thread may write to the same bitmap.</summary>
    public void Clear(ulong index) => _words[index >> 6] &= ~(1UL << (int)(index & 63));

    /// <summary>Sets up to 64 bits whose first one has this index.</summary>
    public void Merge(ulong index, ulong bits)
    {
        int shift = (int)(index & 63);
        Or(index >> 6, bits << shift);
        if (shift != 0)
        {
            Or((index >> 6) + 1, bits >> (64 - shift));
        }
    }

    /// <summary>How many bits are set.</summary>
    public ulong Count()
    {
        ulong set = 0;
        foreach (ulong word in _words)
        {
            set += (ulong)BitOperations.PopCount(word);
        }

        return set;
    }

    /// <summary>The indexes of the bits that are set, ascending.</summary>
    public IEnumerable<ulong> Indexes()
    {
        for (int i = 0; i < _words.Length; i++)
        {
            for (ulong left = _words[i]; left != 0; left &= left - 1)
            {
                yield return ((ulong)i << 6) + (ulong)BitOperations.TrailingZeroCount(left);
            }
        }
    }

    private void Or(ulong word, ulong bits)
    {
        if (bits != 0)
        {
            Interlocked.Or(ref _words[word], bits);
        }
    }
}
