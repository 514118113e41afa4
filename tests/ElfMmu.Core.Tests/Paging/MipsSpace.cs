using System.Buffers.Binary;
using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Tests.Paging;

/// <summary>
/// Page tables for MIPS32's hardware walker made at random: two to four levels of any widths that fit together, entries of 4 and
/// 8 bytes in both orders, shared tables, huge pages of both kinds, pages of several sizes, and registers that aren't known.
/// </summary>
internal sealed class MipsSpace : RandomSpace
{
    private const int LowPages = 8;
    private const int HighPages = 4;
    private const ulong LowStart = 0x4000;

    // The high pages end where kseg0 does.
    private const ulong HighStart = 0x2000_0000 - (HighPages * 4096);

    private readonly string _mode;
    private readonly ulong[] _tables;
    private readonly int[] _offsets;
    private readonly List<(int Index, int Width, int Size)> _levels = [];
    private readonly Dictionary<string, ulong> _registers = [];
    private readonly Lazy<ulong[]> _addresses;
    private readonly MipsManual _manual;
    private readonly int _top;
    private readonly bool _huge;
    private readonly int _ptei;
    private readonly int _psn;
    private readonly int _leafSize;
    private readonly ulong _runPage;

    public MipsSpace(string mode, int seed)
        : base(seed)
    {
        _mode = mode;
        _huge = Chance(1, 2);
        _ptei = Chance(1, 8) ? 2 : Random.Next(4, 10);
        _psn = Random.Next(Math.Max(_ptei - 2, 1));
        _leafSize = Chance(1, 4) ? 8 : 4;
        _runPage = Number(1 << 14);
        _top = Chance(1, 4) ? Random.Next(30, 32) : 32;
        _tables =
        [
            .. Enumerable.Range(0, LowPages).Select(i => LowStart + ((ulong)i * 4096)),
            .. Enumerable.Range(0, HighPages).Select(i => HighStart + ((ulong)i * 4096)),
        ];
        MakeRegisters();

        // Pairs of words, among them the first and last of each table.
        IEnumerable<int> words = _levels.SelectMany(l => new[] { 0, ((1 << l.Width) - 1) * l.Size & 0xfff })
            .Concat([Random.Next(4096), Random.Next(64)]);
        _offsets = [.. words.Select(o => o & ~15).SelectMany(o => new[] { o, o + 4, o + 8, o + 12 }).Distinct().Order()];
        var low = new MemoryDataSource("low", LowPages * 4096);
        var high = new MemoryDataSource("high", HighPages * 4096);
        var memory = new PhysicalMemory(
        [
            new PhysicalRun(LowStart, LowPages * 4096, low, 0),
            new PhysicalRun(HighStart, HighPages * 4096, high, 0),
        ]);
        Request = new WalkRequest
        {
            Memory = memory,
            Map = new PhysicalMap(memory, [new PhysicalRegion(0x1f00_0000, 0x1000)]),
            Root = _registers["pwbase"],
            Options = new PagingOptions
            {
                ByteOrder = Chance(1, 2) ? ByteOrder.Little : ByteOrder.Big,
                PhysicalAddressBits = new int?[] { null, 32, 36, 40 }[Random.Next(4)],
                Registers = new RegisterSet(_registers),
            },
            IncludeAbsent = true,
            LoopLimit = int.MaxValue,
            SharedTableLimit = int.MaxValue,
        };
        for (int i = 0; i < _tables.Length; i++)
        {
            Fill((i < LowPages ? low.Bytes : high.Bytes)[((i < LowPages ? i : i - LowPages) * 4096)..], i);
        }

        _manual = new MipsManual(Read, Request.Options.Registers, Request.Options.PhysicalAddressBits);
        _addresses = new Lazy<ulong[]>(FindAddresses);
    }

    public override PagingMode Mode => PagingModes.Get(_mode);

    public override WalkRequest Request { get; }

    public override ManualPage? Translate(ulong address) => _manual.Translate(address);

    /// <summary>In ascending order; of the segments that are mapped whole, some pages.</summary>
    public override IEnumerable<ulong> Addresses() => _addresses.Value;

    public override ulong Anywhere()
    {
        ulong address = Pick(_addresses.Value) ^ (1UL << Random.Next(36)) ^ (ulong)Random.NextInt64(1 << 14);
        return Random.Next(3) == 0 ? (ulong)Random.NextInt64(1L << 34) : address;
    }

    private T Pick<T>(T[] values) => values[Random.Next(values.Length)];

    private ulong Number(int below) => (ulong)Random.NextInt64(below);

    private void MakeRegisters()
    {
        int pti = new[] { 12, 12, 12, 12, 14, 14, 16, 16, 13 }[Random.Next(9)];
        int directories = Random.Next(1, 4);
        int directorySize = _huge ? _leafSize : 4;

        // Each directory takes an equal part of what is left above the page, more or less.
        int ptw = Math.Min(((_top - pti) / (directories + 1)) + Random.Next(-1, 2), 12);
        int index = pti + ptw;
        int[] places = [.. new[] { 24, 18, 12 }.OrderBy(_ => Random.Next()).Take(directories).Order()];
        ulong field = (uint)_ptei | ((ulong)(uint)pti << 6);
        ulong size = (_leafSize == 8 ? 1UL : 0) | ((ulong)(uint)ptw << 6);
        _levels.Add((pti, ptw, _leafSize));
        foreach (int place in places)
        {
            int width = place == places[^1] ? _top - index : Math.Min((_top - pti) / (directories + 1), _top - index - 1);
            field |= (ulong)(uint)index << place;
            size |= (ulong)(uint)width << place;
            _levels.Add((index, width, directorySize));
            index += width;
        }

        if (Chance(1, 30))
        {
            // No directory: nothing to walk.
            size &= 0xfff;
        }

        ulong root = Pick(Chance(1, 10) ? _tables : Tables(directories));
        Set("pwbase", Random.Next(4) switch { 0 => root, 1 => root | 0xa000_0000, _ => root | 0x8000_0000 }, known: true);
        Set("pwfield", field, Chance(29, 30));
        Set("pwsize", size, Chance(29, 30));
        Set(
            "pwctl",
            (Number(2) << 31) | (Chance(3, 4) ? 1UL << 7 : 0) | (_huge ? 1UL << 6 : 0) | (uint)_psn,
            _huge || Chance(1, 2));
        Set("pagegrain", Number(8) << 29, Chance(2, 3));
        Set("pagemask", Pick([0UL, 0x6000UL, 0x1_e000UL]), Chance(1, 3));
        Set("config", 0x8000_0000 | Number(8), Chance(1, 2));
        Set("config3", Number(2) << 24, Chance(1, 3));
        Set("status", Chance(1, 4) ? 4UL : 0x10UL, Chance(1, 2));
    }

    private void Set(string name, ulong value, bool known)
    {
        if (known)
        {
            _registers[name] = value;
        }
    }

    /// <summary>The tables made for one level, where 0 is the last one; the levels take turns.</summary>
    private ulong[] Tables(int level) => [.. _tables.Where((_, i) => i % _levels.Count == level)];

    private void Fill(Span<byte> page, int number)
    {
        int level = number % _levels.Count;
        int size = _levels[level].Size;
        foreach (int offset in _offsets.Where(o => o % size == 0))
        {
            ulong entry = level == 0 || Chance(1, 20) ? Leaf((ulong)(offset / size)) : Directory(level);
            Span<byte> bytes = page[offset..];
            if (size == 4 && Request.Options.ByteOrder == ByteOrder.Big)
            {
                BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)entry);
            }
            else if (size == 4)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)entry);
            }
            else if (Request.Options.ByteOrder == ByteOrder.Big)
            {
                BinaryPrimitives.WriteUInt64BigEndian(bytes, entry);
            }
            else
            {
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, entry);
            }
        }
    }

    /// <summary>A pointer to a table one level down, to any table, or to nowhere; or a huge page.</summary>
    private ulong Directory(int level)
    {
        if (_huge && Chance(1, 4))
        {
            return Leaf(Number(64) << 10) | (1UL << _psn);
        }

        ulong table = Random.Next(12) switch
        {
            0 => Number(1 << 17) << 12,
            1 => Pick(_tables),
            _ => Pick(Tables(level - 1)),
        };
        ulong segment = Random.Next(12) switch
        {
            0 => 0,
            1 => 0xc000_0000,
            2 or 3 => 0xa000_0000,
            _ => 0x8000_0000,
        };

        // A word that isn't aligned can't be loaded; of a pointer of 8 bytes the lower half counts.
        return table | segment | (Chance(1, 30) ? 2UL : 0) | (Chance(1, 8) ? Number(1 << 30) << 32 : 0);
    }

    private ulong Leaf(ulong index)
    {
        ulong pfn = Random.Next(4) switch
        {
            0 => Pick(_tables) >> 12,
            1 => Number(1 << 24),
            _ => _runPage + index,
        };
        ulong entryLo = (pfn << 6) | (Number(8) << 3) | Number(8);
        entryLo |= Chance(4, 5) ? 2UL : 0;
        entryLo |= Chance(1, 5) ? Number(1 << 24) << 32 : 0;
        ulong entry = (entryLo << _ptei) | ((Number(4) & Number(4)) << (_ptei - 2));
        entry |= Number(1 << (_ptei - 2));
        entry &= _huge ? ~(1UL << _psn) : ulong.MaxValue;
        return Chance(1, 15) ? entry ^ (1UL << Random.Next(_leafSize * 8)) : entry;
    }

    private ulong[] FindAddresses()
    {
        IEnumerable<ulong> addresses = Enumerable.Range(0, 1 << (32 - _top)).Select(i => (ulong)i << _top);
        foreach ((int index, int width, int size) in Enumerable.Reverse(_levels))
        {
            // A table of more than a page goes on in the next one.
            int pages = Math.Max((size << width) / 4096, 1);
            int[] used =
            [
                .. Enumerable.Range(0, pages)
                    .SelectMany(p => _offsets.Select(o => ((p * 4096) + o) / size))
                    .Where(i => i < 1 << width)
                    .Distinct(),
            ];
            addresses = addresses.SelectMany(a => used.Select(i => a | ((ulong)i << index)));
        }

        ulong[] fixedSegments = [0, 0x7fff_f000, 0x8000_0000, 0x9fff_f000, 0xa000_0000, 0xbfff_f000];
        return [.. addresses.Concat(fixedSegments).Distinct().Order()];
    }
}
