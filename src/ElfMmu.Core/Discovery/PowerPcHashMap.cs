using System.Runtime.InteropServices;
using ElfMmu.Memory;

namespace ElfMmu.Discovery;

/// <summary>The statistics of all 64 KiB blocks that hash tables can be in: below 4 GiB, as HTABORG has 16 bits.</summary>
internal sealed unsafe class PowerPcHashMap
{
    private const ulong AddressLimit = 1UL << 32;

    // How much is read in place before the file's length is looked at again.
    private const ulong CheckEvery = 16 << 20;

    private readonly PowerPcHashBlock[] _blocks;

    /// <summary>Reads the dump once. O(dump), 30 bytes of memory for each 64 KiB of addresses.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="shift">What has to be added to the memory's addresses to get physical ones, modulo 2^64.</param>
    /// <param name="format">The byte order.</param>
    /// <param name="cancellation">Asked for each block.</param>
    public PowerPcHashMap(PhysicalMemory memory, ulong shift, PowerPcPteFormat format, CancellationToken cancellation)
    {
        ulong last = memory.Runs.Select(r => r.Last + shift).Where(l => l < AddressLimit).DefaultIfEmpty().Max();
        bool isCut = memory.Runs.Any(r => r.Start + shift < AddressLimit && r.Last + shift >= AddressLimit);
        _blocks = new PowerPcHashBlock[((isCut ? AddressLimit - 1 : last) >> PowerPcPteFormat.BlockShift) + 1];
        var scanner = new PowerPcHashScanner(format);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(PowerPcPteFormat.BlockSize, pinned: true);
        var pointer = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(buffer, 0);
        int hint = 0;
        uint next = 0;
        foreach (PhysicalRun run in memory.Runs)
        {
            ulong start = run.Start + shift;
            ulong end = Math.Min(run.Last + shift, AddressLimit - 1);
            if (start >= AddressLimit)
            {
                continue;
            }

            ulong known = 0;
            bool isHole = false;
            for (uint number = Math.Max(next, (uint)(start >> PowerPcPteFormat.BlockShift));
                number <= end >> PowerPcPteFormat.BlockShift;
                number++)
            {
                cancellation.ThrowIfCancellationRequested();
                ulong physical = (ulong)number << PowerPcPteFormat.BlockShift;
                ulong offset = run.Offset + (physical - start);
                if (physical >= start && physical + (PowerPcPteFormat.BlockSize - 1) <= end)
                {
                    if (offset >= known)
                    {
                        isHole = run.Source.IsHole(offset, out known);
                        known = isHole ? known : Math.Min(known, offset + CheckEvery);
                    }

                    if (isHole && offset + PowerPcPteFormat.BlockSize <= known)
                    {
                        _blocks[number].IsClean = true;
                        next = number + 1;
                        continue;
                    }
                }

                byte* block = memory.Fetch(physical - shift, PowerPcPteFormat.BlockSize, pointer, ref hint);
                if (block != null)
                {
                    _blocks[number] = scanner.Scan(block, number);
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
