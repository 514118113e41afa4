using System.Collections.Concurrent;
using ElfMmu.Dumps;
using ElfMmu.Memory;
using Xunit;

namespace ElfMmu.Tests.Support;

/// <summary>Bytes in blocks of any size, "packed" by inverting them; some blocks can be damaged, and it counts what is unpacked.</summary>
internal sealed class PackedMemory : BlockDataSource
{
    private readonly byte[] _packed;
    private readonly bool _zeroFill;
    private readonly ulong[] _starts;
    private readonly HashSet<int> _damaged;
    private readonly ConcurrentDictionary<int, int> _unpacked = [];

    public PackedMemory(byte[] bytes, int[] sizes, IEnumerable<int>? damaged = null, bool zeroFill = false)
        : this("packed.bin", bytes, sizes, zeroFill, damaged ?? [])
    {
    }

    /// <summary>The same in blocks of one size, with a file that it is said to be in.</summary>
    public PackedMemory(TempFolder folder, byte[] bytes, int blockSize, bool zeroFill, params IEnumerable<int> damaged)
        : this(folder.Write("packed", "packed"), bytes, Sizes(bytes.Length, blockSize), zeroFill, damaged)
    {
    }

    private PackedMemory(string name, byte[] bytes, int[] sizes, bool zeroFill, IEnumerable<int> damaged)
        : base(name, (ulong)bytes.Length, sizes.Max(), zeroFill)
    {
        _zeroFill = zeroFill;
        _packed = [.. bytes.Select(b => (byte)~b)];
        _starts = new ulong[sizes.Length + 1];
        for (int i = 0; i < sizes.Length; i++)
        {
            _starts[i + 1] = _starts[i] + (ulong)sizes[i];
        }

        Assert.Equal((ulong)bytes.Length, _starts[^1]);
        _damaged = [.. damaged];
    }

    /// <summary>How often a block was unpacked.</summary>
    public int Unpacked(int block) => _unpacked.GetValueOrDefault(block);

    /// <summary>How often any block was.</summary>
    public int UnpackedInAll => _unpacked.Values.Sum();

    public bool IsClosed { get; private set; }

    /// <summary>Called in the middle of unpacking.</summary>
    public Action? Unpacking { get; set; }

    /// <summary>A dump of this memory at an address.</summary>
    public MemoryDump Open(ulong start, Machine? machine = null)
    {
        var content = new DumpContent { Container = "fake", Runs = [new PhysicalRun(start, Length, this, 0)] };
        return new MemoryDump(DumpIdentity.Of(Name, new DumpOptions { ZeroFill = _zeroFill }), content, machine ?? new Machine());
    }

    protected override BlockSpan BlockAt(ulong offset)
    {
        int found = Array.BinarySearch(_starts, offset);
        int block = found >= 0 ? found : ~found - 1;
        return new BlockSpan((ulong)block, _starts[block], (int)(_starts[block + 1] - _starts[block]), 0x1000 + (_starts[block] / 2));
    }

    protected override string? Unpack(in BlockSpan block, Span<byte> destination)
    {
        Assert.False(IsClosed, "It is unpacked after it was closed.");
        int number = (int)block.Number;
        Assert.Equal(block.Size, destination.Length);
        _unpacked.AddOrUpdate(number, 1, (_, count) => count + 1);
        Unpacking?.Invoke();
        if (_damaged.Contains(number))
        {
            destination.Fill(0xee);
            return $"block {number} is spoiled";
        }

        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = (byte)~_packed[(int)block.Start + i];
        }

        return null;
    }

    protected override void DisposeFiles() => IsClosed = true;

    private static int[] Sizes(int length, int blockSize) =>
        [.. Enumerable.Range(0, (length + blockSize - 1) / blockSize).Select(i => Math.Min(blockSize, length - (i * blockSize)))];
}
