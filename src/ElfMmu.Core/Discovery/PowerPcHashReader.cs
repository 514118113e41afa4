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
    public PowerPcHashContent Read(PowerPcHashRegion region, CancellationToken cancellation)
    {
        _vsids.Clear();
        _frames.Clear();
        _agreeing.Clear();
        var buffer = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_buffer, 0);
        uint mask = (1U << region.Bits) - 1;
        for (uint number = region.First; number <= region.First + mask; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            byte* block = memory.Fetch((ulong)number << PowerPcPteFormat.BlockShift, PowerPcPteFormat.BlockSize, buffer, ref _hint);
            for (int offset = 0; block != null && offset < PowerPcPteFormat.BlockSize; offset += PowerPcPteFormat.PteSize)
            {
                Slot(*(ulong*)(block + offset), number, mask);
            }
        }

        return new PowerPcHashContent { Vsids = _vsids.Count, Frames = _frames.ToArray(), AgreeingNames = _agreeing.Count };
    }

    private void Slot(ulong slot, uint number, uint mask)
    {
        if ((slot & format.Valid) == 0 || (slot & format.Reserved) != 0)
        {
            return;
        }

        uint first = format.First(slot);
        _vsids.Add(PowerPcPteFormat.Vsid(first));
        _frames.Add(format.Second(slot) >> PowerPcPteFormat.PageShift);
        if (_agreeing.Count < DistinctLimit && ((PowerPcPteFormat.BlockOf(first) ^ number) & mask) == 0)
        {
            _agreeing.Add(first);
        }
    }
}
