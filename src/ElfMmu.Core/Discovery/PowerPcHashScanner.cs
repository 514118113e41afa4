using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ElfMmu.Discovery;

/// <summary>Takes the statistics of 64 KiB of memory.</summary>
internal sealed unsafe class PowerPcHashScanner(PowerPcPteFormat format)
{
    // One slot in 64: a table has none, but a dump of a running machine may be torn. Of random bytes 15 of 16 slots are malformed,
    // so that a few hundred bytes decide of what is no table.
    private const int MalformedLimit = PowerPcPteFormat.BlockSize / PowerPcPteFormat.PteSize / 64;
    private const int ChunkSize = 512;
    private const int FrameSize = 1 << TableScan.FrameShift;

    private static readonly int Lanes = Vector256<ulong>.Count;

    /// <summary>Takes the statistics. O(block); a few hundred bytes of what is no table.</summary>
    /// <param name="block">The bytes.</param>
    /// <param name="number">The block's physical address in blocks.</param>
    /// <param name="zeros">A bit for each frame that is known to hold nothing but zeros: it isn't read.</param>
    public PowerPcHashBlock Scan(byte* block, uint number, ulong zeros)
    {
        var result = new PowerPcHashBlock();
        int malformed = Malformed(block, ref zeros);
        if (malformed > MalformedLimit)
        {
            return result;
        }

        result.IsClean = true;
        result.Malformed = (ushort)malformed;
        for (int frame = 0; frame < PowerPcPteFormat.BlockSize; frame += FrameSize, zeros >>= 1)
        {
            for (int offset = frame; (zeros & 1) == 0 && offset < frame + FrameSize; offset += PowerPcPteFormat.GroupSize)
            {
                Group((ulong*)(block + offset), number, ref result);
            }
        }

        return result;
    }

    /// <summary>How many slots have a reserved bit; stops when there are too many. Finds out which more frames are zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Malformed(byte* block, ref ulong zeros)
    {
        Vector256<ulong> reserved = Vector256.Create(format.Reserved);
        int malformed = 0;
        for (int frame = 0; frame < PowerPcPteFormat.BlockSize / FrameSize; frame++)
        {
            if ((zeros >> frame & 1) != 0)
            {
                continue;
            }

            Vector256<ulong> any = Vector256<ulong>.Zero;
            byte* end = block + ((frame + 1) * FrameSize);
            for (byte* chunk = end - FrameSize; chunk < end; chunk += ChunkSize)
            {
                Vector256<ulong> inChunk = Vector256<ulong>.Zero;
                Vector256<ulong> wellFormed = Vector256<ulong>.Zero;
                var slots = (ulong*)chunk;
                for (int i = 0; i < ChunkSize / PowerPcPteFormat.PteSize; i += Lanes)
                {
                    Vector256<ulong> four = Vector256.Load(slots + i);
                    inChunk |= four;
                    wellFormed -= Vector256.Equals(four & reserved, Vector256<ulong>.Zero);
                }

                any |= inChunk;
                if ((inChunk & reserved) != Vector256<ulong>.Zero)
                {
                    malformed += (ChunkSize / PowerPcPteFormat.PteSize) - (int)Vector256.Sum(wellFormed);
                    if (malformed > MalformedLimit)
                    {
                        return malformed;
                    }
                }
            }

            zeros |= (any == Vector256<ulong>.Zero ? 1UL : 0) << frame;
        }

        return malformed;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Group(ulong* slots, uint number, ref PowerPcHashBlock result)
    {
        Vector512<ulong> all = Vector512.Load(slots);
        if (all == Vector512<ulong>.Zero)
        {
            return;
        }

        // A bit for each slot.
        ulong wellFormed = Zeros(all & Vector512.Create(format.Reserved)) & ~Zeros(all);
        ulong invalid = Zeros(all & Vector512.Create(format.Valid));
        result.Stale += (ushort)BitOperations.PopCount(wellFormed & invalid);
        for (ulong valid = wellFormed & ~invalid; valid != 0; valid &= valid - 1)
        {
            int i = BitOperations.TrailingZeroCount(valid);
            ulong slot = slots[i];
            uint wrong = (PowerPcPteFormat.BlockOf(format.First(slot)) ^ number) & PowerPcPteFormat.MaximumMask;
            result.AddValid(wrong == 0 ? PowerPcPteFormat.MaskBits : BitOperations.TrailingZeroCount(wrong));
            ulong same = Zeros((all ^ Vector512.Create(slot)) & Vector512.Create((ulong)uint.MaxValue));
            result.Repeated += (ushort)((same & ((1UL << i) - 1)) == 0 ? 0 : 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Zeros(Vector512<ulong> slots) => Vector512.ExtractMostSignificantBits(Vector512.Equals(slots, Vector512<ulong>.Zero));
}
