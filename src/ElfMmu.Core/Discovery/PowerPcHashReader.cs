using System.Runtime.InteropServices;
using ElfMmu.Memory;

namespace ElfMmu.Discovery;

/// <summary>Has a second look at the few regions that deserve one. Keeps 2 MiB of memory, and 8 bytes for each entry of a region.</summary>
/// <param name="memory">The memory.</param>
/// <param name="format">The byte order.</param>
internal sealed unsafe class PowerPcHashReader(PhysicalMemory memory, PowerPcPteFormat format)
{
    private const int DistinctLimit = 4096;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(PowerPcPteFormat.BlockSize, pinned: true);
    private readonly DistinctNumbers _vsids = new(24);
    private readonly DistinctNumbers _frames = new(20);
    private readonly HashSet<uint> _agreeing = [];
    private int _hint;

    /// <summary>Reads a region, of which the dump has all. O(its size).</summary>
    /// <param name="region">The region.</param>
    /// <param name="leastScore">What it has to reach.</param>
    /// <param name="cancellation">Asked for each block.</param>
    /// <returns>What it has in it; null when it leads to so few pages that it can't reach the score whatever else it has.</returns>
    public PowerPcHashContent? Read(PowerPcHashRegion region, double leastScore, CancellationToken cancellation)
    {
        _vsids.Clear();
        _frames.Clear();
        _agreeing.Clear();

        // What is no table mostly shows it by its pages; segments, of which there may be far more, aren't counted for nothing.
        Read(region, isForFrames: true, cancellation);
        if (_frames.Count < PowerPcHashJudgement.FewestFrames(region, leastScore))
        {
            return null;
        }

        Read(region, isForFrames: false, cancellation);
        return new PowerPcHashContent { Vsids = _vsids.Count, Frames = _frames.ToArray(), AgreeingNames = _agreeing.Count };
    }

    private void Read(PowerPcHashRegion region, bool isForFrames, CancellationToken cancellation)
    {
        var buffer = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_buffer, 0);
        uint mask = (1U << region.Bits) - 1;
        for (uint number = region.First; number <= region.First + mask; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            byte* block = memory.Fetch((ulong)number << PowerPcPteFormat.BlockShift, PowerPcPteFormat.BlockSize, buffer, ref _hint);
            for (int offset = 0; block != null && offset < PowerPcPteFormat.BlockSize; offset += PowerPcPteFormat.PteSize)
            {
                ulong slot = *(ulong*)(block + offset);
                if ((slot & format.Valid) == 0 || (slot & format.Reserved) != 0)
                {
                    continue;
                }

                if (isForFrames)
                {
                    _frames.Add(format.Second(slot) >> PowerPcPteFormat.PageShift);
                }
                else
                {
                    Name(format.First(slot), number, mask);
                }
            }
        }
    }

    private void Name(uint first, uint number, uint mask)
    {
        _vsids.Add(PowerPcPteFormat.Vsid(first));
        if (mask != 0 && _agreeing.Count < DistinctLimit && ((PowerPcPteFormat.BlockOf(first) ^ number) & mask) == 0)
        {
            _agreeing.Add(first);
        }
    }
}
