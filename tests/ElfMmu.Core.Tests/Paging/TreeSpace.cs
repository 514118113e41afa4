using System.Buffers.Binary;
using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Tests.Paging;

/// <summary>
/// What the random spaces of modes with a tree of tables have in common: some pages low in memory and some high up, of which
/// every one may be a table at every level, and a device.
/// </summary>
/// <param name="mode">The mode's name.</param>
/// <param name="seed">Where all chance comes from.</param>
/// <param name="low">Where the low pages start.</param>
/// <param name="high">Where the high pages start.</param>
internal abstract class TreeSpace(string mode, int seed, ulong low, ulong high) : RandomSpace(seed)
{
    /// <summary>The address of a page that is a device.</summary>
    protected const ulong Device = 0xfee0_0000;

    private const int LowPages = 8;
    private const int HighPages = 4;

    private readonly MemoryDataSource _low = new("low", LowPages * 4096);
    private readonly MemoryDataSource _high = new("high", HighPages * 4096);
    private ulong[]? _addresses;

    /// <inheritdoc/>
    public override PagingMode Mode => PagingModes.Get(mode);

    /// <summary>Why the last address did not translate; empty when it did.</summary>
    public abstract string Why { get; }

    /// <summary>The pages that are tables, from the lowest address up.</summary>
    protected ulong[] Pages { get; } =
    [
        .. Enumerable.Range(0, LowPages).Select(i => low + ((ulong)i * 4096)),
        .. Enumerable.Range(0, HighPages).Select(i => high + ((ulong)i * 4096)),
    ];

    /// <summary>What selects an entry, first table first: the lowest of the address's bits, and the indexes used.</summary>
    protected abstract IReadOnlyList<(int Shift, int[] Indexes)> Selectors { get; }

    /// <inheritdoc/>
    public override IEnumerable<ulong> Addresses()
    {
        if (_addresses is null)
        {
            IEnumerable<ulong> addresses = [0];
            foreach ((int shift, int[] indexes) in Selectors)
            {
                int[] ascending = [.. indexes.Order()];
                addresses = addresses.SelectMany(a => ascending.Select(i => a | ((ulong)i << shift)));
            }

            _addresses = [.. addresses.Select(Extend)];
        }

        return _addresses;
    }

    /// <inheritdoc/>
    public override ulong Anywhere()
    {
        ulong[] all = (ulong[])Addresses();
        ulong address = all[Random.Next(all.Length)] + (ulong)Random.Next(4096);
        return Random.Next(6) switch
        {
            0 => (ulong)Random.NextInt64(long.MinValue, long.MaxValue),
            1 => address ^ (1UL << Random.Next(64)),
            2 or 3 => address ^ (ulong)Random.NextInt64(1 << 22),
            _ => address,
        };
    }

    /// <summary>Sets the bits above the highest one that selects an entry.</summary>
    protected virtual ulong Extend(ulong address) => address;

    /// <summary>The memory, made anew.</summary>
    protected PhysicalMemory NewMemory() => new(
    [
        new PhysicalRun(low, LowPages * 4096, _low, 0),
        new PhysicalRun(high, HighPages * 4096, _high, 0),
    ]);

    /// <summary>A request for everything that the tables map.</summary>
    protected static WalkRequest NewRequest(PhysicalMemory memory, ulong root, PagingOptions options) => new()
    {
        Memory = memory,
        Map = new PhysicalMap(memory, [new PhysicalRegion(Device, 0x1000)]),
        Root = root,
        Options = options,
        IncludeAbsent = true,
        LoopLimit = int.MaxValue,
        SharedTableLimit = int.MaxValue,
    };

    /// <summary>Writes an entry of 4 or 8 bytes.</summary>
    protected void Write(ulong address, ulong entry, int size, ByteOrder order)
    {
        Span<byte> bytes = address >= high ? _high.Bytes[(int)(address - high)..] : _low.Bytes[(int)(address - low)..];
        bytes = bytes[..size];
        if (size == 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, entry);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)entry);
        }

        if (order == ByteOrder.Big)
        {
            bytes.Reverse();
        }
    }

    /// <summary>Some indexes of a table, the first and the last ones more often than others.</summary>
    protected int[] SomeIndexes(int entryCount, int count)
    {
        int[] common = [0, 1, 3, (entryCount / 2) - 1, entryCount / 2, entryCount - 2, entryCount - 1];
        int[] candidates = [.. common, Random.Next(entryCount), Random.Next(entryCount)];
        return [.. candidates.OrderBy(_ => Random.Next()).Distinct().Take(count)];
    }

    /// <summary>One of some values.</summary>
    protected T Any<T>(params ReadOnlySpan<T> values) => values[Random.Next(values.Length)];
}
