using System.Numerics;
using System.Runtime.CompilerServices;

namespace ElfMmu.Discovery;

/// <summary>
/// A bit for each frame of a dump, or for each part of a frame; written by several threads at once. Memory is needed only where bits
/// are set: tables are few, and close together.
/// </summary>
/// <param name="count">How many frames.</param>
/// <param name="partShift">The base-two logarithm of how many bits a frame has.</param>
internal sealed class FrameBits(ulong count, int partShift = 0)
{
    private const int WordShift = 6;
    private const int BlockShift = 12;
    private const int WordsPerBlock = 1 << (BlockShift - WordShift);

    private readonly ulong[]?[] _blocks = new ulong[]?[((count << partShift) + (1UL << BlockShift) - 1) >> BlockShift];

    /// <summary>The base-two logarithm of how many bits a frame has.</summary>
    public int PartShift => partShift;

    /// <summary>Whether a bit is set.</summary>
    public bool this[ulong index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _blocks[index >> BlockShift] is { } block && (block[Word(index)] >> (int)(index & 63) & 1) != 0;
    }

    /// <summary>Sets a bit; no other thread may write to the same bitmap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(ulong index) => (_blocks[index >> BlockShift] ?? NewBlock(index))[Word(index)] |= 1UL << (int)(index & 63);

    /// <summary>Sets up to 64 bits whose first one has this index.</summary>
    public void Merge(ulong index, ulong bits)
    {
        int shift = (int)(index & 63);
        Or(index, bits << shift);
        if (shift != 0)
        {
            Or(index + 64, bits >> (64 - shift));
        }
    }

    /// <summary>Whether no bit is set.</summary>
    public bool IsEmpty => !Indexes().Any();

    /// <summary>How many bits are set. O(blocks).</summary>
    public ulong Count()
    {
        ulong set = 0;
        foreach (ulong[]? block in _blocks)
        {
            foreach (ulong word in block ?? [])
            {
                set += (ulong)BitOperations.PopCount(word);
            }
        }

        return set;
    }

    /// <summary>The indexes of the bits that are set, ascending.</summary>
    public IEnumerable<ulong> Indexes()
    {
        for (int i = 0; i < _blocks.Length; i++)
        {
            for (int word = 0; word < WordsPerBlock && _blocks[i] is { } block; word++)
            {
                for (ulong left = block[word]; left != 0; left &= left - 1)
                {
                    yield return ((ulong)i << BlockShift) + ((ulong)word << WordShift) + (ulong)BitOperations.TrailingZeroCount(left);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Word(ulong index) => (int)(index >> WordShift) & (WordsPerBlock - 1);

    private void Or(ulong index, ulong bits)
    {
        if (bits != 0)
        {
            Interlocked.Or(ref (Volatile.Read(ref _blocks[index >> BlockShift]) ?? NewBlock(index))[Word(index)], bits);
        }
    }

    /// <summary>The block of an index; of several threads that make it at once, all get the one that was first.</summary>
    private ulong[] NewBlock(ulong index)
    {
        var block = new ulong[WordsPerBlock];
        return Interlocked.CompareExchange(ref _blocks[index >> BlockShift], block, null) ?? block;
    }
}
