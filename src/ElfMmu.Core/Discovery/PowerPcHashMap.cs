using System.Runtime.InteropServices;
using ElfMmu.Memory;

namespace ElfMmu.Discovery;

/// <summary>The statistics of all 64 KiB blocks that hash tables can be in: below 4 GiB, as HTABORG has 16 bits.</summary>
internal sealed unsafe class PowerPcHashMap
{
    private readonly PowerPcHashBlock[] _blocks;

    /// <summary>
    /// Completes what was seen in one look at all frames with what isn't shown there: empty blocks, and those whose bytes are in several
    /// runs. O(blocks + runs); at most two blocks of a run are read.
    /// </summary>
    /// <param name="memory">The memory.</param>
    /// <param name="scan">What has looked at its frames.</param>
    /// <param name="zeros">The frames that hold nothing but zeros.</param>
    /// <param name="cancellation">Asked for each run.</param>
    public PowerPcHashMap(PhysicalMemory memory, PowerPcHashScan scan, FrameBits zeros, CancellationToken cancellation)
    {
        _blocks = scan.Blocks;
        byte[] buffer = GC.AllocateUninitializedArray<byte>(PowerPcPteFormat.BlockSize, pinned: true);
        var pointer = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(buffer, 0);
        int hint = 0;
        ulong next = 0;
        for (int run = 0; run < memory.Runs.Count; run++)
        {
            cancellation.ThrowIfCancellationRequested();
            (ulong start, ulong last) = (memory.Runs[run].Start, memory.Runs[run].Last);
            ulong number = Math.Max(next, start >> PowerPcPteFormat.BlockShift);
            for (; number < (ulong)_blocks.Length && number <= last >> PowerPcPteFormat.BlockShift; number++)
            {
                ulong address = number << PowerPcPteFormat.BlockShift;
                if (address >= start && address + (PowerPcPteFormat.BlockSize - 1) <= last)
                {
                    _blocks[number].IsClean |= IsZero(zeros, memory.PageIndex(address, run));
                    next = number + 1;
                    continue;
                }

                byte* block = memory.Fetch(address, PowerPcPteFormat.BlockSize, pointer, ref hint);
                if (block != null)
                {
                    scan.LookAt(block, (uint)number);
                    next = number + 1;
                }
            }
        }
    }

    /// <summary>
    /// The tables there may be, disjoint and in ascending order: of each place the largest table in which all entries are where
    /// their hash says. O(blocks).
    /// </summary>
    /// <param name="minimumEntries">How many valid entries a table must have.</param>
    public IEnumerable<PowerPcHashRegion> Regions(int minimumEntries)
    {
        int largest = 1 << PowerPcPteFormat.MaskBits;
        for (int first = 0; first < _blocks.Length; first += largest)
        {
            foreach (PowerPcHashRegion region in Split((uint)first, PowerPcPteFormat.MaskBits))
            {
                if (region.Valid >= minimumEntries)
                {
                    yield return region;
                }
            }
        }
    }

    /// <summary>
    /// Up to which size a table could be that has a region in it and nothing else, with all entries where their hash says; the
    /// base-two logarithm of it in blocks.
    /// </summary>
    public int LargestAround(PowerPcHashRegion region)
    {
        int bits = region.Bits;
        while (bits < PowerPcPteFormat.MaskBits
            && Region(region.First & ~((2U << bits) - 1), bits + 1) is { IsCoherent: true } around && around.Valid == region.Valid)
        {
            bits++;
        }

        return bits;
    }

    private static bool IsZero(FrameBits zeros, ulong first)
    {
        ulong index = first;
        while (index < first + (PowerPcPteFormat.BlockSize >> TableScan.FrameShift) && zeros[index])
        {
            index++;
        }

        return index == first + (PowerPcPteFormat.BlockSize >> TableScan.FrameShift);
    }

    /// <summary>What a table of a size would have at a place.</summary>
    /// <param name="first">Its address in blocks.</param>
    /// <param name="bits">The base-two logarithm of its size in blocks.</param>
    private PowerPcHashRegion Region(uint first, int bits)
    {
        var region = new PowerPcHashRegion { First = first, Bits = bits, IsClean = true };
        for (uint i = first; i < first + (1U << bits); i++)
        {
            if (i >= _blocks.Length || !_blocks[i].IsClean)
            {
                return new PowerPcHashRegion { First = first, Bits = bits };
            }

            ref readonly PowerPcHashBlock block = ref _blocks[i];
            region = region with
            {
                Valid = region.Valid + block.Valid,
                Agreeing = region.Agreeing + block.Agreeing(bits),
                Malformed = region.Malformed + block.Malformed,
                Stale = region.Stale + block.Stale,
                Repeated = region.Repeated + block.Repeated,
            };
        }

        return region;
    }

    /// <summary>
    /// Takes a region for one table when its entries say so, and both halves have some: of a table and the empty memory behind it
    /// nothing says that they belong together. Else looks at the halves.
    /// </summary>
    private IEnumerable<PowerPcHashRegion> Split(uint first, int bits)
    {
        PowerPcHashRegion whole = Region(first, bits);
        if (bits == 0)
        {
            return whole.Valid > 0 ? [whole] : [];
        }

        uint middle = first + (1U << (bits - 1));
        if (whole.IsCoherent && Region(first, bits - 1).Valid > 0 && Region(middle, bits - 1).Valid > 0)
        {
            return [whole];
        }

        return whole.IsClean && whole.Valid == 0 ? [] : [.. Split(first, bits - 1), .. Split(middle, bits - 1)];
    }
}
