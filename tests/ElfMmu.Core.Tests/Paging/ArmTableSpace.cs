using System.Buffers.Binary;
using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Tests.Paging;

/// <summary>
/// What the random memories of both ARM architectures share: runs of zeros to fill with entries, and the addresses that the
/// entries can select, found without decoding any.
/// </summary>
internal abstract class ArmTableSpace : RandomSpace
{
    private readonly string _mode;
    private readonly int _entrySize;
    private readonly List<(ulong Start, MemoryDataSource Source)> _runs = [];
    private WalkRequest? _request;
    private ulong[]? _slots;
    private ulong[]? _addresses;

    /// <summary>Starts with an empty memory.</summary>
    protected ArmTableSpace(string mode, int seed, int entrySize)
        : base(seed)
    {
        _mode = mode;
        _entrySize = entrySize;
        Order = Chance(1, 6) ? ByteOrder.Big : ByteOrder.Little;
    }

    /// <inheritdoc/>
    public override PagingMode Mode => PagingModes.Get(_mode);

    /// <inheritdoc/>
    public override WalkRequest Request => _request ?? throw new InvalidOperationException("The memory isn't filled yet.");

    /// <summary>The order of bytes in the tables.</summary>
    protected ByteOrder Order { get; }

    /// <summary>The addresses that <see cref="Addresses"/> gives, in any order and more than once.</summary>
    protected abstract IEnumerable<ulong> Enumerate();

    /// <inheritdoc/>
    public override IEnumerable<ulong> Addresses() => _addresses ??= [.. Enumerate().Append(0UL).Distinct().Order()];

    /// <inheritdoc/>
    public override ulong Anywhere()
    {
        var all = (ulong[])Addresses();
        int bits = _entrySize == 4 || _mode == "arm-lpae" ? 34 : 64;
        ulong address = all[Random.Next(all.Length)] ^ (1UL << Random.Next(bits)) ^ (ulong)Random.NextInt64(1 << 22);
        return Random.Next(3) == 0 ? (ulong)Random.NextInt64() >> (64 - bits) : address;
    }

    /// <summary>Adds a run of zeros.</summary>
    protected void AddMemory(ulong start, int size) => _runs.Add((start, new MemoryDataSource($"at {start:x}", size)));

    /// <summary>Writes an entry, where there is memory.</summary>
    protected void Put(ulong address, ulong entry)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, entry);
        bytes = bytes[.._entrySize];
        if (Order == ByteOrder.Big)
        {
            bytes.Reverse();
        }

        foreach ((ulong start, MemoryDataSource source) in _runs)
        {
            if (address >= start && address - start < source.Length)
            {
                bytes.CopyTo(source.Bytes[(int)(address - start)..]);
            }
        }
    }

    /// <summary>Ends the filling.</summary>
    protected void Complete(ulong root, int? physicalAddressBits, RegisterSet registers)
    {
        var memory = new PhysicalMemory(_runs.Select(r => new PhysicalRun(r.Start, r.Source.Length, r.Source, 0)));
        _request = new WalkRequest
        {
            Memory = memory,
            Map = new PhysicalMap(memory, [new PhysicalRegion(0xfee0_0000, 0x1000)]),
            Root = root,
            Options = new PagingOptions
            {
                PhysicalAddressBits = physicalAddressBits,
                ByteOrder = Order,
                Registers = registers,
            },
            IncludeAbsent = true,
            LoopLimit = int.MaxValue,
            SharedTableLimit = int.MaxValue,
        };
        _slots = [.. Slots()];
    }

    /// <summary>The indexes at which any table of a size, aligned to it, has an entry that isn't zero.</summary>
    protected ulong[] UsedIndexes(int entries) =>
        [.. _slots!.Select(s => s / (ulong)_entrySize % (ulong)entries).Distinct()];

    /// <summary>The indexes at which one table has an entry that isn't zero.</summary>
    protected IEnumerable<ulong> UsedIndexes(ulong table, ulong entries) =>
        _slots!.Where(s => s >= table && s - table < entries * (ulong)_entrySize).Select(s => (s - table) / (ulong)_entrySize);

    /// <summary>The indexes at which tables get entries: edges, neighbours, and some anywhere.</summary>
    protected int[] SomeIndexes(int entries, int count)
    {
        int[] common = [0, 1, 3, (entries / 2) - 1, entries / 2, entries - 2, entries - 1];
        int[] indexes = [.. common, Random.Next(entries), Random.Next(entries)];
        Random.Shuffle(indexes);
        return [.. indexes.Distinct().Take(count).Order()];
    }

    /// <summary>A whole that is random in its low bits.</summary>
    protected ulong RandomBits(int count) => (ulong)Random.NextInt64() & ((1UL << count) - 1);

    /// <summary>A bit that is set in one of so many cases.</summary>
    protected ulong MaybeBit(int bit, int of) => Chance(1, of) ? 1UL << bit : 0;

    private IEnumerable<ulong> Slots()
    {
        foreach ((ulong start, MemoryDataSource source) in _runs)
        {
            for (int offset = 0; offset < (int)source.Length; offset += _entrySize)
            {
                if (source.Bytes.Slice(offset, _entrySize).ContainsAnyExcept((byte)0))
                {
                    yield return start + (ulong)offset;
                }
            }
        }
    }
}
