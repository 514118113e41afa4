using System.Numerics;
using System.Runtime.InteropServices;
using ElfMmu.Memory;

namespace ElfMmu.Discovery;

/// <summary>What the entries of a region say that could be a hash table: a second look, for the few regions that deserve one.</summary>
internal sealed unsafe class PowerPcHashContent
{
    private const int VsidBits = 24;
    private const int FrameBits = 20;
    private const int DistinctLimit = 4096;

    private readonly ulong[] _frames = new ulong[1 << (FrameBits - 6)];

    /// <summary>Reads a region. O(its size), and 2 MiB of memory meanwhile.</summary>
    public PowerPcHashContent(
        PhysicalMemory memory, ulong shift, PowerPcHashRegion region, PowerPcPteFormat format, CancellationToken cancellation)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(PowerPcPteFormat.BlockSize, pinned: true);
        var pointer = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(buffer, 0);
        ulong[] vsids = new ulong[1 << (VsidBits - 6)];
        var agreeing = new HashSet<uint>();
        int hint = 0;
        uint mask = (1U << region.Bits) - 1;
        for (uint number = region.First; number <= region.First + mask; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            byte* block = memory.Fetch(
                ((ulong)number << PowerPcPteFormat.BlockShift) - shift, PowerPcPteFormat.BlockSize, pointer, ref hint);
            for (int offset = 0; block != null && offset < PowerPcPteFormat.BlockSize; offset += PowerPcPteFormat.PteSize)
            {
                ulong slot = *(ulong*)(block + offset);
                if ((slot & format.Valid) == 0 || (slot & format.Reserved) != 0)
                {
                    continue;
                }

                uint first = format.First(slot);
                uint second = format.Second(slot);
                Set(vsids, PowerPcPteFormat.Vsid(first));
                Set(_frames, second >> PowerPcPteFormat.PageShift);
                if (((PowerPcPteFormat.BlockOf(first) ^ number) & mask) == 0 && agreeing.Count < DistinctLimit)
                {
                    agreeing.Add(first);
                }
            }
        }

        Vsids = vsids.Sum(BitOperations.PopCount);
        Frames = _frames.Sum(BitOperations.PopCount);
        AgreeingNames = agreeing.Count;
    }

    /// <summary>How many virtual segments the entries are of.</summary>
    public int Vsids { get; }

    /// <summary>How many pages of physical memory the entries lead to, each counted once.</summary>
    public int Frames { get; }

    /// <summary>
    /// How many different first words stand where their hash says, up to 4096: each is a test of its own, while the entries that share
    /// one stand or fall together.
    /// </summary>
    public int AgreeingNames { get; }

    /// <summary>How many of <see cref="Frames"/> satisfy a condition on their physical address.</summary>
    public int CountFrames(Func<ulong, bool> condition) => Addresses().Count(condition);

    /// <summary>The physical addresses of <see cref="Frames"/>, ascending.</summary>
    public IEnumerable<ulong> Addresses()
    {
        for (int i = 0; i < _frames.Length; i++)
        {
            for (ulong rest = _frames[i]; rest != 0; rest &= rest - 1)
            {
                yield return ((ulong)i << 6 | (uint)BitOperations.TrailingZeroCount(rest)) << PowerPcPteFormat.PageShift;
            }
        }
    }

    private static void Set(ulong[] bits, uint index) => bits[index >> 6] |= 1UL << (int)(index & 63);
}
