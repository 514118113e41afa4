using System.Buffers.Binary;
using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Benchmarks;

/// <summary>
/// Page tables of any mode with every last-level entry used: leaves whose frames don't follow each other, so that none fuses.
/// Only what an entry looks like differs from mode to mode.
/// </summary>
/// <param name="Mode">The mode's name.</param>
/// <param name="Pointer">The entry that leads to a table at a physical address, at a height above the last level.</param>
/// <param name="Leaf">The entry that maps a page of the smallest size.</param>
/// <param name="Registers">What the mode has to know.</param>
internal sealed record FullTables(
    string Mode, Func<ulong, int, ulong> Pointer, Func<ulong, ulong> Leaf, params (string Name, ulong Value)[] Registers)
{
    private const ulong Start = 1UL << 24;

    // The page tables of kuseg: those of the segments behind it are never read.
    private const int MipsTableBytes = 2 << 20;
    private const int AArch64AddressBits = 48;

    /// <summary>Entries of the modes with trees of tables.</summary>
    public static readonly FullTables[] All =
    [
        new("ia32", (t, _) => t | 7, p => p | 0x67),
        new("pae", (t, h) => h == 2 ? t | 1 : t | 7, p => p | 0x67),
        .. Each(["ia32e", "la57", "npt", "npt5"], (t, _) => t | 7, p => p | 0x67),
        .. Each(["ept", "ept5"], (t, _) => t | 7, p => p | 0x37),
        .. Each(
            ["sv32", "sv39", "sv48", "sv57", "sv32x4", "sv39x4", "sv48x4", "sv57x4"],
            (t, _) => ((t >> 12) << 10) | 1,
            p => ((p >> 12) << 10) | 0xdf),
        .. Each(["aarch64-4k", "aarch64-16k", "aarch64-64k"], (t, _) => t | 3, p => p | 0xf43),
        .. Each(["aarch64-s2-4k", "aarch64-s2-16k", "aarch64-s2-64k"], (t, _) => t | 3, p => p | 0x7ff),
        new("arm-short", (t, _) => t | 1, p => p | 0x32),
        new("arm-lpae", (t, _) => t | 3, p => p | 0xf43, ("ttbcr", 1UL << 31)),

        // Two levels of 10 bits, and of an entry six bits that are software's.
        new("mips32", (t, _) => t | 0x8000_0000, p => p | 0x780,
            ("pwfield", (22 << 24) | (12 << 6) | 6), ("pwsize", (10 << 24) | (10 << 6))),
    ];

    private static IEnumerable<FullTables> Each(string[] modes, Func<ulong, int, ulong> pointer, Func<ulong, ulong> leaf) =>
        modes.Select(m => new FullTables(m, pointer, leaf));

    /// <summary>Builds about so many bytes of tables.</summary>
    /// <param name="size">How many bytes the last level has at least, unless the addresses run out.</param>
    public WalkRequest Build(int size)
    {
        PagingMode mode = PagingModes.Get(Mode);

        // Without TCR_EL1 an AArch64 address has 48 bits.
        PagingLevel[] levels =
            [.. mode.Levels.Where(l => mode.Architecture != Architecture.AArch64 || l.Shift < AArch64AddressBits)];
        bool wide = mode.Architecture switch
        {
            Architecture.X86 => Mode != "ia32",
            Architecture.RiscV => mode.WordSize == 64,
            _ => Mode is not ("arm-short" or "mips32"),
        };
        size = mode.Architecture == Architecture.Mips ? Math.Min(size, MipsTableBytes) : size;
        int entrySize = wide ? 8 : 4;
        int[] counts = new int[levels.Length];
        counts[0] = Math.Max(1, size / (levels[0].EntryCount * entrySize));
        for (int height = 1; height < levels.Length; height++)
        {
            // The address space ends somewhere: what is above can't lead to more tables than it has entries.
            long most = levels[height..].Aggregate(1L, (n, l) => Math.Min(n * l.EntryCount, 1 << 24));
            counts[height - 1] = (int)Math.Min(counts[height - 1], most);
            counts[height] = (counts[height - 1] + levels[height].EntryCount - 1) / levels[height].EntryCount;
        }

        // Tables stand one behind the other, the top one first, each aligned to its size.
        ulong[] starts = new ulong[levels.Length];
        ulong next = Start;
        for (int height = levels.Length - 1; height >= 0; height--)
        {
            ulong bytes = (ulong)(levels[height].EntryCount * entrySize);
            next = (next + bytes - 1) & ~(bytes - 1);
            starts[height] = next;
            next += (ulong)counts[height] * bytes;
        }

        var memory = new MemoryDataSource("tables", (int)(next - Start));
        for (int height = 0; height < levels.Length; height++)
        {
            int below = height == 0 ? counts[0] * levels[0].EntryCount : counts[height - 1];
            ulong stride = height == 0 ? levels[0].Span : (ulong)(levels[height - 1].EntryCount * entrySize);
            for (int i = 0; i < below; i++)
            {
                // Every other frame, so that neighbours never join; frames come round again so that any address is wide enough.
                ulong entry = height == 0
                    ? Leaf(((ulong)i * 2 % (0x4000_0000 / levels[0].Span) * levels[0].Span) + 0x4000_0000)
                    : Pointer(starts[height - 1] + ((ulong)i * stride), height);
                Span<byte> place = memory.Bytes[((int)(starts[height] - Start) + (i * entrySize))..];
                if (wide)
                {
                    BinaryPrimitives.WriteUInt64LittleEndian(place, entry);
                }
                else
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(place, (uint)entry);
                }
            }
        }

        var physical = new PhysicalMemory([new PhysicalRun(Start, next - Start, memory, 0)]);
        return new WalkRequest
        {
            Memory = physical,
            Map = new PhysicalMap(physical, [new PhysicalRegion(0x4000_0000, 0x8000_0000)]),
            Root = starts[^1],
            Options = new PagingOptions { Registers = new RegisterSet(Registers.Select(r => KeyValuePair.Create(r.Name, r.Value))) },
        };
    }
}
