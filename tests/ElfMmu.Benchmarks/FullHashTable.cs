using System.Buffers.Binary;
using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Benchmarks;

/// <summary>
/// A hash table of PowerPC with every entry used, as a system fills it: through the primary hash, and through the secondary one where
/// the group is full. Frames don't follow each other, so that no pages fuse.
/// </summary>
internal static class FullHashTable
{
    private const uint Start = 1 << 24;
    private const int GroupSize = 64;
    private const int EntrySize = 8;
    private const int SliceSize = 1 << 16;
    private const uint Valid = 1U << 31;
    private const uint Secondary = 1 << 6;
    private const uint ReadWrite = 2;
    private const uint ReferencedAndChanged = 3 << 7;
    private const uint HashMask = 0x7_ffff;

    /// <summary>Builds a table.</summary>
    /// <param name="size">Its size in bytes: a power of two, from 64 KiB to 4 MiB, which can be filled from 32-bit addresses.</param>
    public static WalkRequest Build(int size)
    {
        var memory = new MemoryDataSource("hash table", size);
        byte[] used = new byte[size / GroupSize];
        uint mask = (uint)used.Length - 1;
        uint frame = 0;
        int entries = size / EntrySize;

        // A page of each segment in turn; the segments' numbers differ as those that Linux makes.
        for (uint page = 0; entries > 0 && page < 1 << 20; page++)
        {
            uint vsid = Vsid(page & 15);
            uint index = page >> 4;
            uint hash = (vsid & HashMask) ^ index;
            uint group = hash & mask;
            bool secondary = used[group] == GroupSize / EntrySize;
            group = secondary ? ~hash & mask : group;
            if (used[group] == GroupSize / EntrySize)
            {
                continue;
            }

            Span<byte> entry = memory.Bytes[(((int)group * GroupSize) + (used[group]++ * EntrySize))..];
            BinaryPrimitives.WriteUInt32BigEndian(entry, Valid | (vsid << 7) | (secondary ? Secondary : 0) | (index >> 10));
            BinaryPrimitives.WriteUInt32BigEndian(
                entry[4..], 0x4000_0000 | ((frame & 0x1_ffff) << 13) | ReferencedAndChanged | ReadWrite);
            frame++;
            entries--;
        }

        if (entries > size / EntrySize / 100)
        {
            throw new InvalidOperationException($"{entries} entries of the hash table are empty.");
        }

        var physical = new PhysicalMemory([new PhysicalRun(Start, (ulong)size, memory, 0)]);
        return new WalkRequest
        {
            Memory = physical,
            Map = new PhysicalMap(physical, [new PhysicalRegion(0x4000_0000, 0x8000_0000)]),
            Root = Start | (uint)((size / SliceSize) - 1),
            Options = new PagingOptions
            {
                ByteOrder = ByteOrder.Big,
                Registers = new RegisterSet(Enumerable.Range(0, 16).Select(i => KeyValuePair.Create($"sr{i}", (ulong)Vsid((uint)i)))),
            },
        };
    }

    private static uint Vsid(uint segment) => (0x111 * segment) + 0x3_7000;
}
