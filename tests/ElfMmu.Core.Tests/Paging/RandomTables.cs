using System.Buffers.Binary;
using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Tests.Paging;

/// <summary>
/// A small memory full of page tables made at random, with a state of the processor: tables are shared, point to themselves, to
/// data and out of the dump, and any bit may be wrong. Only a few indexes are used, so every mapped page can be enumerated.
/// </summary>
internal sealed class RandomTables : IDisposable
{
    private const int LowPages = 6;
    private const int HighPages = 4;

    private readonly Random _random;
    private readonly bool _wide;
    private readonly MemoryDataSource _low = new("low", LowPages * 4096);
    private readonly MemoryDataSource _high = new("high", HighPages * 4096);
    private readonly ulong _highStart;

    public RandomTables(string mode, int seed)
    {
        _random = new Random(seed);
        Mode = PagingModes.Get(mode);
        _wide = mode != "ia32";
        _highStart = _wide ? 0x12_3456_7000UL : 0x8000_0000UL;
        int[] common = [0, 1, 3, 255, 256, 510, 511, 1023];
        int count = Mode.Levels.Count > 3 ? 4 : 6;
        Indexes = [.. common.Concat([_random.Next(512), _random.Next(512)]).OrderBy(_ => _random.Next()).Distinct().Take(count)];
        int? bits = new int?[] { null, 36, 40, 46, 52 }[_random.Next(5)];
        Options = new PagingOptions
        {
            PhysicalAddressBits = bits,
            NoExecute = new bool?[] { null, true, false }[_random.Next(3)],
            PageSizeExtensions = new bool?[] { null, true, false }[_random.Next(3)],
        };
        Memory = new PhysicalMemory(
        [
            new PhysicalRun(0x1000, LowPages * 4096, _low, 0),
            new PhysicalRun(_highStart, HighPages * 4096, _high, 0),
        ]);
        Fill(_low.Bytes);
        Fill(_high.Bytes);
        Root = Tables[_random.Next(LowPages)] + (mode == "pae" ? 32UL * (ulong)_random.Next(128) : 0);
        if (mode == "pae")
        {
            // The four entries of a root that stands anywhere in a page, which may be a table below as well.
            int first = (int)(Root % 4096) / 8;
            Indexes = [.. Indexes.Union(Enumerable.Range(first, 4))];
            for (int i = 0; i < 4; i++)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(_low.Bytes[(int)(Root - 0x1000 + ((ulong)i * 8))..], Entry());
            }
        }

        Request = new WalkRequest
        {
            Memory = Memory,
            Map = new PhysicalMap(Memory, [new PhysicalRegion(0xfee0_0000, 0x1000)]),
            Root = Root,
            Options = Options,
            IncludeAbsent = true,
            LoopLimit = int.MaxValue,
            SharedTableLimit = int.MaxValue,
        };
        Sdm = new SdmTranslator(
            Read, bits ?? 52, Options.NoExecute ?? true, Options.PageSizeExtensions ?? true);
    }

    public PagingMode Mode { get; }

    /// <summary>The indexes at which a table may have an entry.</summary>
    public int[] Indexes { get; }

    public PagingOptions Options { get; }

    public PhysicalMemory Memory { get; }

    public ulong Root { get; }

    public WalkRequest Request { get; }

    public SdmTranslator Sdm { get; }

    private ulong[] Tables =>
    [
        .. Enumerable.Range(0, LowPages).Select(i => 0x1000 + ((ulong)i * 4096)),
        .. Enumerable.Range(0, HighPages).Select(i => _highStart + ((ulong)i * 4096)),
    ];

    /// <summary>The first address of everything that the used indexes can select; PAE's root has all four of its own.</summary>
    public IEnumerable<ulong> Addresses()
    {
        IEnumerable<ulong> addresses = [0];
        foreach (PagingLevel level in Mode.Levels.Reverse())
        {
            int[] indexes = level.EntryCount == 4 ? [0, 1, 2, 3] : [.. Indexes.Where(i => i < level.EntryCount)];
            addresses = addresses.SelectMany(a => indexes.Select(i => a | ((ulong)i << level.Shift)));
        }

        int unused = Mode.WordSize == 64 ? 64 - Mode.VirtualAddressBits : 0;
        return addresses.Select(a => (ulong)((long)(a << unused) >> unused));
    }

    /// <summary>An address anywhere, near a used one or not, canonical or not.</summary>
    public ulong Anywhere()
    {
        ulong[] all = [.. Addresses().Take(50)];
        ulong address = all[_random.Next(all.Length)] ^ (1UL << _random.Next(64)) ^ (ulong)_random.NextInt64(1 << 22);
        return _random.Next(3) == 0 ? (ulong)_random.NextInt64() : address;
    }

    public ulong? Read(ulong address, int size)
    {
        byte[] bytes = new byte[8];
        return Memory.TryRead(address, bytes.AsSpan(0, size)) ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : null;
    }

    public void Dispose() => Memory.Dispose();

    private void Fill(Span<byte> bytes)
    {
        for (int page = 0; page < bytes.Length; page += 4096)
        {
            foreach (int index in Indexes)
            {
                if (_wide && index < 512)
                {
                    BinaryPrimitives.WriteUInt64LittleEndian(bytes[(page + (index * 8))..], Entry());
                }
                else if (!_wide)
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes[(page + (index * 4))..], (uint)Entry());
                }
            }
        }
    }

    private ulong Entry()
    {
        ulong entry = _random.Next(10) switch
        {
            < 7 => Tables[_random.Next(LowPages + HighPages)],
            7 => 0xfee0_0000,
            8 => (ulong)_random.NextInt64() & 0x0000_00ff_ffff_f000,
            _ => (ulong)_random.NextInt64() & 0x0000_00ff_ffe0_0000,
        };
        entry |= 1;
        entry |= Chance(4, 5) ? 2UL : 0;
        entry |= Chance(4, 5) ? 4UL : 0;
        entry |= (ulong)_random.Next(16) << 3;
        entry |= Chance(1, 5) ? 1UL << 7 : 0;
        entry |= (ulong)_random.Next(16) << 8;
        entry |= Chance(1, 5) ? 1UL << 63 : 0;
        if (Chance(1, 10))
        {
            // A large page that is aligned as it should be, so that not every one trips over reserved bits.
            entry = (entry & ~0x3fff_f000UL) | (1UL << 7) | (Chance(1, 2) ? 1UL << 12 : 0);
        }

        if (Chance(1, 12))
        {
            entry ^= 1UL << _random.Next(64);
        }

        return entry;
    }

    private bool Chance(int one, int of) => _random.Next(of) < one;
}
