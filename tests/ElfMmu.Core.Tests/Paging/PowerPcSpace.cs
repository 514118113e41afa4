using System.Buffers.Binary;
using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Tests.Paging;

/// <summary>
/// A hashed page table with segments and blocks made at random: full groups, wrong groups, entries that hide others, segments
/// that share a VSID, are unknown or no memory, tables that end outside of the dump, blocks over pages and beyond the memory.
/// </summary>
internal sealed class PowerPcSpace : RandomSpace
{
    private const ulong BlockSize = 1 << 17;
    private const ulong PageSize = 4096;

    private readonly string _mode;
    private readonly Dictionary<string, ulong> _registers = [];
    private readonly uint[] _vsids;
    private readonly uint[] _hashes;

    // A stretch of pages that follow each other on both sides, so that there is something to fuse.
    private readonly ulong _run;
    private readonly ulong _runPhysical;
    private readonly List<(ulong Start, ulong Size)> _blocks = [];
    private readonly Lazy<ulong[]> _addresses;
    private readonly PowerPcManual _manual;

    public PowerPcSpace(string mode, int seed)
        : base(seed)
    {
        _mode = mode;
        uint vsid = (uint)Random.Next(1 << 24);
        _vsids = [vsid, vsid ^ 1, vsid ^ 0x12, vsid ^ (uint)Random.Next(1 << 10), vsid ^ (1u << 22), (uint)Random.Next(1 << 24)];
        uint hash = (uint)Random.Next(1 << 16);
        _hashes = [hash, hash ^ 1, hash ^ 0xffff, (uint)Random.Next(1 << 16)];
        _run = (uint)Random.Next(1 << 11) * BlockSize;
        _runPhysical = (uint)Random.Next(1 << 10) * BlockSize;
        ulong mask = Pick<ulong>([0, 0, 0, 1, 1, 3]);
        ulong origin = (1 + Number(0x7ffe)) & ~mask;
        if (Chance(1, 10))
        {
            // A table that doesn't start at a multiple of its size.
            origin |= mask;
        }

        Sdr1 = (origin << 16) | mask | (Chance(1, 10) ? Number(128) << 9 : 0);
        _registers["sdr1"] = Sdr1;
        MakeSegments();
        foreach (string side in new[] { "i", "d" })
        {
            MakeBlocks(side);
        }

        (PhysicalMemory memory, MemoryDataSource[] sources) = MakeMemory(origin, mask);
        Request = new WalkRequest
        {
            Memory = memory,
            Map = new PhysicalMap(memory, [new PhysicalRegion(0xf000_0000, 0x1000)]),
            Root = Sdr1,
            Options = new PagingOptions
            {
                ByteOrder = Chance(1, 5) ? ByteOrder.Little : ByteOrder.Big,
                Registers = new RegisterSet(_registers),
            },
            IncludeAbsent = true,
            LoopLimit = int.MaxValue,
            SharedTableLimit = int.MaxValue,
        };
        for (int i = 0; i < 32; i++)
        {
            uint segment = Pick(_vsids);
            WriteEntry(memory, sources, segment, (uint)(((_run >> 12) + (ulong)i) & 0xffff), (_runPhysical >> 12) + (ulong)i);
        }

        int entries = Random.Next(20, 150);
        for (int i = 0; i < entries; i++)
        {
            uint segment = Pick(_vsids);
            uint page = Chance(2, 3) ? (Pick(_hashes) ^ segment) & 0xffff : (uint)Random.Next(1 << 16);
            WriteEntry(memory, sources, segment, page, Number(1 << 20));
        }

        _manual = new PowerPcManual(Read, Request.Options.Registers);
        _addresses = new Lazy<ulong[]>(FindAddresses);
    }

    public override PagingMode Mode => PagingModes.Get(_mode);

    public override WalkRequest Request { get; }

    /// <summary>The register that says where the table is.</summary>
    public ulong Sdr1 { get; }

    public override ManualPage? Translate(ulong address) => _manual.Translate(address);

    /// <summary>In ascending order, the pages before and behind everything too.</summary>
    public override IEnumerable<ulong> Addresses() => _addresses.Value;

    public override ulong Anywhere()
    {
        ulong address = Pick(_addresses.Value) ^ (1UL << Random.Next(36)) ^ (ulong)Random.NextInt64(1 << 18);
        return Random.Next(3) == 0 ? (ulong)Random.NextInt64(1L << 34) : address;
    }

    private T Pick<T>(T[] values) => values[Random.Next(values.Length)];

    private ulong Number(int below) => (ulong)Random.NextInt64(below);

    private void MakeSegments()
    {
        for (int i = 0; i < 16; i++)
        {
            if (Chance(1, 6))
            {
                continue;
            }

            ulong segment = Pick(_vsids);
            segment |= Chance(1, 3) ? 1UL << 30 : 0;
            segment |= Chance(2, 3) ? 1UL << 29 : 0;
            segment |= Chance(1, 4) ? 1UL << 28 : 0;
            segment |= Chance(1, 10) ? 1UL << 31 : 0;
            segment |= Chance(1, 10) ? Number(16) << 24 : 0;
            _registers[$"sr{i}"] = segment;
        }
    }

    private void MakeBlocks(string side)
    {
        var taken = new List<(ulong Start, ulong Size, ulong Valid)>();
        int count = Chance(1, 4) ? 8 : Random.Next(5);
        for (int i = 0; i < count; i++)
        {
            ulong length = Chance(1, 15) ? (1UL << Random.Next(12)) - 1 : Pick<ulong>([0, 0, 0, 1, 3]);
            ulong size = (length + 1) * BlockSize;
            ulong start = (Number(16) << 28) + (Chance(1, 2) ? _run : Number(1 << 11) * BlockSize);
            if (side == "d" && Chance(1, 3) && _blocks.Count > 0)
            {
                // Where an instruction block is, the data block's size and place may be others.
                start = Pick([.. _blocks]).Start;
            }

            start &= ~(size - 1);
            ulong upper = start | (length << 2) | Number(4);
            ulong lower = Random.Next(4) switch
            {
                0 => Number(1 << 15) << 17,
                1 => start,
                _ => _runPhysical,
            } & ~(size - 1);
            lower |= (Number(16) & Number(16)) << 3;
            lower |= Number(4);
            lower |= Chance(1, 10) ? length << 17 : 0;
            if (Chance(1, 20))
            {
                // A start that is no multiple of the length, or a length that is no mask.
                upper ^= Chance(1, 2) ? 1UL << 17 : 1UL << Random.Next(2, 13);
            }

            string name = $"{side}bat{i}";
            if (side == "d" && Chance(1, 3) && _registers.TryGetValue($"ibat{i}u", out ulong same))
            {
                (upper, lower) = (same, _registers.GetValueOrDefault($"ibat{i}l", lower));
                length = (upper >> 2) & 0x7ff;
                (start, size) = (upper & 0xfffe_0000, (length + 1) * BlockSize);
            }

            // What happens where blocks of one side and privilege overlap isn't defined.
            ulong valid = upper & 3;
            if (taken.Any(t => (t.Valid & valid) != 0 && t.Start < start + size && start < t.Start + t.Size))
            {
                continue;
            }

            taken.Add((start, size, valid));
            _blocks.Add((start, size));
            if (!Chance(1, 20))
            {
                _registers[name + "u"] = upper;
            }

            if (!Chance(1, 20))
            {
                _registers[name + "l"] = lower;
            }
        }
    }

    private (PhysicalMemory Memory, MemoryDataSource[] Sources) MakeMemory(ulong origin, ulong mask)
    {
        ulong table = origin << 16;
        ulong size = (mask + 1) << 16;
        ulong gap = Chance(1, 3) ? (1 + Number((int)(size >> 12) - 1)) << 12 : 0;
        (ulong Start, ulong Size)[] runs = gap == 0
            ? [(table, size)]
            : [(table, gap), (table + gap + 0x2000, 0x4000)];
        MemoryDataSource[] sources = [.. runs.Select((r, i) => new MemoryDataSource($"run {i}", (int)r.Size))];
        return (new PhysicalMemory(runs.Select((r, i) => new PhysicalRun(r.Start, r.Size, sources[i], 0))), sources);
    }

    private void WriteEntry(PhysicalMemory memory, MemoryDataSource[] sources, uint vsid, uint page, ulong physicalPage)
    {
        bool secondary = Chance(1, 3);
        uint hash = (vsid & 0x7ffff) ^ page;
        ulong sdr1Mask = (Sdr1 & 0x1ff) << 10;
        ulong group = (secondary ? ~hash : hash) & (sdr1Mask | 0x3ff);
        ulong address = (Sdr1 & 0xffff_0000) | (group << 6) | (Number(8) << 3);
        if (Chance(1, 25))
        {
            // In a group where the search never looks for it, or does so for another address.
            address ^= 64UL << Random.Next(10);
        }

        uint first = (Chance(9, 10) ? 1u << 31 : 0) | (vsid << 7) | (secondary ? 1u << 6 : 0) | (page >> 10);
        uint second = (uint)(physicalPage << 12) | ((uint)Random.Next(4) << 7) | (uint)Random.Next(4);
        second |= (uint)(Random.Next(16) & Random.Next(16) & Random.Next(16)) << 3;
        if (Chance(1, 15))
        {
            first ^= 1u << Random.Next(32);
            second ^= 1u << Random.Next(32);
        }

        for (int i = 0; i < sources.Length; i++)
        {
            PhysicalRun run = memory.Runs[i];
            if (address >= run.Start && address <= run.Last)
            {
                Span<byte> bytes = sources[i].Bytes[(int)(address - run.Start)..];
                if (Request.Options.ByteOrder == ByteOrder.Big)
                {
                    BinaryPrimitives.WriteUInt32BigEndian(bytes, first);
                    BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], second);
                }
                else
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes, first);
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], second);
                }
            }
        }
    }

    private ulong[] FindAddresses()
    {
        // An entry's place gives the lowest ten bits of the page index, and the entry itself the highest six.
        var pages = new HashSet<ulong>();
        foreach (PhysicalRun run in Request.Memory.Runs)
        {
            for (ulong entry = run.Start; entry < run.Last; entry += 8)
            {
                if (Read(entry, 4) is { } first && (first >> 31) != 0)
                {
                    ulong vsid = (first >> 7) & 0xff_ffff;
                    ulong group = ((first >> 6) & 1) == 0 ? entry >> 6 : ~(entry >> 6);
                    ulong index = ((first & 0x3f) << 10) | ((group ^ vsid) & 0x3ff);
                    AddInEverySegment(pages, index << 12, vsid);
                }
            }
        }

        foreach ((ulong start, ulong size) in _blocks)
        {
            ulong step = size <= 4 * BlockSize ? PageSize : size / 32;
            for (ulong at = 0; at < size; at += step)
            {
                pages.Add(start + at);
            }

            pages.Add(start + size);
        }

        for (int i = 0; i < 50; i++)
        {
            pages.Add(Number(1 << 20) << 12);
        }

        return [.. pages
            .SelectMany(p => new[] { p - PageSize, p, p + PageSize })
            .Where(p => p <= uint.MaxValue)
            .Distinct()
            .Order()];
    }

    private void AddInEverySegment(HashSet<ulong> pages, ulong offset, ulong vsid)
    {
        for (int i = 0; i < 16; i++)
        {
            if (_registers.TryGetValue($"sr{i}", out ulong segment) && (segment & 0xff_ffff) == vsid)
            {
                pages.Add(((ulong)i << 28) | offset);
            }
        }
    }
}
