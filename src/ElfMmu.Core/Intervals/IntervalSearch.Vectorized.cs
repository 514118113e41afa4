using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ElfMmu.Intervals;

internal sealed partial class IntervalSearch
{
    // So many addresses go down the tree together: while one waits for a cache line, the others go on.
    private const int Group = 16;

    /// <summary>Whether this machine's vectors are wide enough to be worth it.</summary>
    private static bool IsVectorized => Vector256.IsHardwareAccelerated;

    /// <summary>Goes down the tree, a group of addresses at a time; there is at least one interval.</summary>
    internal void DescendVectorized(ReadOnlySpan<ulong> addresses, Span<int> positions)
    {
        ref long tree = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_keys), _base);
        ReadOnlySpan<int> levels = _levels;
        while (!addresses.IsEmpty)
        {
            int size = Math.Min(Group, addresses.Length);
            ReadOnlySpan<ulong> group = addresses[..size];
            Span<int> nodes = positions[..size];
            nodes.Clear();
            for (int level = 0; level < levels.Length - 1; level++)
            {
                ref long first = ref Unsafe.Add(ref tree, (nint)levels[level] * NodeSize);
                for (int i = 0; i < group.Length && i < nodes.Length; i++)
                {
                    nodes[i] = (nodes[i] * Fanout) + CountBelow(ref Unsafe.Add(ref first, (nint)nodes[i] * NodeSize), Key(group[i]));
                }
            }

            ref long keys = ref Unsafe.Add(ref tree, (nint)levels[^1] * NodeSize);
            for (int i = 0; i < group.Length && i < nodes.Length; i++)
            {
                nodes[i] = (nodes[i] * NodeSize) + CountBelow(ref Unsafe.Add(ref keys, (nint)nodes[i] * NodeSize), Key(group[i]));
            }

            addresses = addresses[size..];
            positions = positions[size..];
        }
    }

    /// <summary>How many keys of a node are below one; they ascend.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountBelow(ref long node, long key)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<long> wanted = Vector512.Create(key);
            ulong low = Vector512.LessThan(Vector512.LoadUnsafe(ref node), wanted).ExtractMostSignificantBits();
            ulong high = Vector512.LessThan(Vector512.LoadUnsafe(ref node, 8), wanted).ExtractMostSignificantBits();
            return BitOperations.PopCount(low | (high << 8));
        }

        // Each comparison gives -1 for what is below, so that the negated sum over all of them is the count.
        Vector256<long> sought = Vector256.Create(key);
        Vector256<long> below = Vector256.LessThan(Vector256.LoadUnsafe(ref node), sought)
            + Vector256.LessThan(Vector256.LoadUnsafe(ref node, 4), sought)
            + Vector256.LessThan(Vector256.LoadUnsafe(ref node, 8), sought)
            + Vector256.LessThan(Vector256.LoadUnsafe(ref node, 12), sought);
        return -(int)Vector256.Sum(below);
    }
}
