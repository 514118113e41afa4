using ElfMmu.Dumps;
using ElfMmu.Memory;

namespace ElfMmu.Tests.Support;

/// <summary>Memory that is "packed" in blocks, some of which can't be unpacked; nobody knows before reading.</summary>
internal sealed class FakeBlocks : BlockDataSource
{
    private readonly byte[] _bytes;
    private readonly int _blockSize;
    private readonly bool _zeroFill;
    private readonly HashSet<ulong> _damaged;
    private int _unpacked;

    public FakeBlocks(TempFolder folder, byte[] bytes, int blockSize, bool zeroFill, params IEnumerable<int> damaged)
        : base(folder.Write("packed", "packed"), (ulong)bytes.Length, blockSize, zeroFill)
    {
        (_bytes, _blockSize, _zeroFill) = (bytes, blockSize, zeroFill);
        _damaged = [.. damaged.Select(d => (ulong)d)];
    }

    /// <summary>How many blocks were unpacked.</summary>
    public int Unpacked => _unpacked;

    /// <summary>A dump of this memory at an address.</summary>
    public MemoryDump Open(ulong start, Machine? machine = null)
    {
        var content = new DumpContent { Container = "fake", Runs = [new PhysicalRun(start, Length, this, 0)] };
        return new MemoryDump(DumpIdentity.Of(Name, new DumpOptions { ZeroFill = _zeroFill }), content, machine ?? new Machine());
    }

    protected override BlockSpan BlockAt(ulong offset)
    {
        ulong number = offset / (ulong)_blockSize;
        ulong start = number * (ulong)_blockSize;
        return new BlockSpan(number, start, (int)Math.Min((ulong)_blockSize, Length - start), 0x1000 + (number * 100));
    }

    protected override string? Unpack(in BlockSpan block, Span<byte> destination)
    {
        Interlocked.Increment(ref _unpacked);
        if (_damaged.Contains(block.Number))
        {
            destination.Fill(0xdd);
            return "its checksum is wrong";
        }

        _bytes.AsSpan((int)block.Start, block.Size).CopyTo(destination);
        return null;
    }

    protected override void DisposeFiles()
    {
    }
}
