using System.Buffers.Binary;
using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Tests.Paging;

/// <summary>Random tables of x86: 32-bit, PAE, 4-level and 5-level paging.</summary>
internal sealed class X86Space : RandomSpace
{
    private const int LowPages = 6;
    private const int HighPages = 4;

    private readonly bool _wide;
    private readonly MemoryDataSource _low = new("low", LowPages * 4096);
    private readonly MemoryDataSource _high = new("high", HighPages * 4096);
    private readonly ulong _highStart;

    private readonly SdmTranslator _sdm;
    private readonly int[] _indexes;

    public X86Space(string mode, int seed)
        : base(seed)
    {
        Mode = PagingModes.Get(mode);
        _wide = mode != "ia32";
        _highStart = _wide ? 0x12_3456_7000UL : 0x8000_0000UL;
        int[] common = [0, 1, 3, 255, 256, 510, 511, 1023];
        int count = Mode.Levels.Count > 3 ? 4 : 6;
        _indexes = [.. common.Concat([Random.Next(512), Random.Next(512)]).OrderBy(_ => Random.Next()).Distinct().Take(count)];
        int? bits = new int?[] { null, 36, 40, 46, 52 }[Random.Next(5)];
        bool? noExecute = new bool?[] { null, true, false }[Random.Next(3)];
        bool? largePages = new bool?[] { null, true, false }[Random.Next(3)];
        var registers = new Dictionary<string, ulong>();
        if (noExecute is { } nxe)
        {
            registers["EFER"] = 0x500 | (nxe ? 1UL << 11 : 0);
        }

        if (largePages is { } pse)
        {
            registers["CR4"] = 0x20 | (pse ? 1UL << 4 : 0);
        }

        var memory = new PhysicalMemory(
        [
            new PhysicalRun(0x1000, LowPages * 4096, _low, 0),
            new PhysicalRun(_highStart, HighPages * 4096, _high, 0),
        ]);
        Fill(_low.Bytes);
        Fill(_high.Bytes);
        ulong root = Tables[Random.Next(LowPages)] + (mode == "pae" ? 32UL * (ulong)Random.Next(128) : 0);
        if (mode == "pae")
        {
            // The four entries of a root that stands anywhere in a page, which may be a table below as well.
            int first = (int)(root % 4096) / 8;
            _indexes = [.. _indexes.Union(Enumerable.Range(first, 4))];
            for (int i = 0; i < 4; i++)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(_low.Bytes[(int)(root - 0x1000 + ((ulong)i * 8))..], Entry());
            }
        }

        Request = new WalkRequest
        {
            Memory = memory,
            Map = new PhysicalMap(memory, [new PhysicalRegion(0xfee0_0000, 0x1000)]),
            Root = root,
            Options = new PagingOptions { PhysicalAddressBits = bits, Registers = new RegisterSet(registers) },
            IncludeAbsent = true,
            LoopLimit = int.MaxValue,
            SharedTableLimit = int.MaxValue,
        };
        _sdm = new SdmTranslator(Read, bits ?? 52, noExecute ?? true, largePages ?? true);
    }

    public override PagingMode Mode { get; }

    public override WalkRequest Request { get; }

    private ulong[] Tables =>
    [
        .. Enumerable.Range(0, LowPages).Select(i => 0x1000 + ((ulong)i * 4096)),
        .. Enumerable.Range(0, HighPages).Select(i => _highStart + ((ulong)i * 4096)),
    ];

    public override ManualPage? Translate(ulong address) => _sdm.Translate(Mode.Name, Request.Root!.Value, address);

    // PAE's root has four entries, and all of them are used.
    public override IEnumerable<ulong> Addresses()
    {
        IEnumerable<ulong> addresses = [0];
        foreach (PagingLevel level in Mode.Levels.Reverse())
        {
            int[] indexes = level.EntryCount == 4 ? [0, 1, 2, 3] : [.. _indexes.Where(i => i < level.EntryCount)];
            addresses = addresses.SelectMany(a => indexes.Select(i => a | ((ulong)i << level.Shift)));
        }

        int unused = Mode.WordSize == 64 ? 64 - Mode.VirtualAddressBits : 0;
        return addresses.Select(a => (ulong)((long)(a << unused) >> unused));
    }

    private void Fill(Span<byte> bytes)
    {
        for (int page = 0; page < bytes.Length; page += 4096)
        {
            foreach (int index in _indexes)
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
        ulong entry = Random.Next(10) switch
        {
            < 7 => Tables[Random.Next(LowPages + HighPages)],
            7 => 0xfee0_0000,
            8 => (ulong)Random.NextInt64() & 0x0000_00ff_ffff_f000,
            _ => (ulong)Random.NextInt64() & 0x0000_00ff_ffe0_0000,
        };
        entry |= 1;
        entry |= Chance(4, 5) ? 2UL : 0;
        entry |= Chance(4, 5) ? 4UL : 0;
        entry |= (ulong)Random.Next(16) << 3;
        entry |= Chance(1, 5) ? 1UL << 7 : 0;
        entry |= (ulong)Random.Next(16) << 8;
        entry |= Chance(1, 5) ? 1UL << 63 : 0;
        if (Chance(1, 10))
        {
            // A large page that is aligned as it should be, so that not every one trips over reserved bits.
            entry = (entry & ~0x3fff_f000UL) | (1UL << 7) | (Chance(1, 2) ? 1UL << 12 : 0);
        }

        if (Chance(1, 12))
        {
            entry ^= 1UL << Random.Next(64);
        }

        return entry;
    }
}
