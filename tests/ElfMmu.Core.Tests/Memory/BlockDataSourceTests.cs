using ElfMmu.Memory;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Memory;

/// <summary>Packed sources, whoever reads them in whatever order.</summary>
public sealed class BlockDataSourceTests
{
    [Fact]
    public void AnyReadsInAnyOrderGiveTheBytes()
    {
        var random = new Random(1);
        byte[] bytes = Bytes(random, 5 << 20);
        using var source = new PackedMemory(bytes, Sizes(random, bytes.Length, 1, 70_000));
        Read(source, bytes, new Random(2), 400);
    }

    [Fact]
    public void ManyThreadsGetTheBytes()
    {
        var random = new Random(3);
        byte[] bytes = Bytes(random, 9 << 20);
        using var source = new PackedMemory(bytes, Sizes(random, bytes.Length, 4096, 4096));
        Parallel.For(0, 8, i =>
        {
            if (i % 2 == 0)
            {
                ReadInOrder(source, bytes, 100_000 + (i * 1000));
            }
            else
            {
                Read(source, bytes, new Random(i), 200);
            }
        });
    }

    [Theory]
    [InlineData(4096, 1 << 20)]
    [InlineData(4096, 64 << 10)]
    [InlineData(65536, 256 << 10)]
    public void ReadingOnAndOnUnpacksEachBlockOnce(int block, int step)
    {
        byte[] bytes = Bytes(new Random(4), 12 << 20);
        using var source = new PackedMemory(bytes, Sizes(new Random(0), bytes.Length, block, block));
        ReadInOrder(source, bytes, step);
        Assert.Equal(bytes.Length / block, source.UnpackedInAll);
    }

    [Fact]
    public void SmallReadsKeepWhatTheyUnpacked()
    {
        byte[] bytes = Bytes(new Random(5), 1 << 20);
        using var source = new PackedMemory(bytes, Sizes(new Random(0), bytes.Length, 4096, 4096));
        byte[] word = new byte[8];
        for (int round = 0; round < 3; round++)
        {
            for (int offset = 0; offset < bytes.Length; offset += 512)
            {
                source.Read((ulong)offset, word);
                Assert.True(word.AsSpan().SequenceEqual(bytes.AsSpan(offset, 8)));
            }
        }

        Assert.Equal(256, source.UnpackedInAll);
    }

    [Fact]
    public void TheCacheIsBounded()
    {
        // 96 MiB in blocks of 1 MiB don't fit into it, and what was used last stays.
        byte[] bytes = new byte[96 << 20];
        using var source = new PackedMemory(bytes, Sizes(new Random(0), bytes.Length, 1 << 20, 1 << 20));
        byte[] word = new byte[8];
        for (int offset = 0; offset < bytes.Length; offset += 1 << 20)
        {
            source.Read((ulong)offset, word);
        }

        source.Read((ulong)bytes.Length - 8, word);
        Assert.Equal(1, source.Unpacked(95));
        source.Read(0, word);
        Assert.Equal(2, source.Unpacked(0));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1 << 20)]
    public void WhatIsDamagedIsAbsentAndNoted(int size)
    {
        byte[] bytes = Bytes(new Random(6), 4 << 20);
        using var source = new PackedMemory(bytes, Sizes(new Random(0), bytes.Length, 4096, 4096), [3, 700]);
        byte[] some = new byte[size];
        Assert.False(source.TryRead(3 * 4096 + 4000, some));
        Assert.True(source.TryRead(4 * 4096, some));
        Assert.True(some.AsSpan().SequenceEqual(bytes.AsSpan(4 * 4096, size)));
        Assert.True(source.TryRead(0, some.AsSpan(0, 100)));
        DamagedBlock block = Assert.Single(source.Damage.First);
        Assert.Equal(new DamagedBlock("packed.bin", 0x1000 + (3 * 2048), 3 * 4096, 4096, "block 3 is spoiled"), block);
        ElfMmuException error = Assert.Throws<ElfMmuException>(() => source.Read(3 * 4096, some));
        Assert.Equal("BlockDamaged", error.ErrorId);
        Assert.Equal(block.FileOffset, error.Offset);
        Assert.Equal(1, source.Damage.Count);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(64 << 10)]
    public void ErrorsBeyondTheLogNameTheirBlock(int size)
    {
        byte[] bytes = Bytes(new Random(11), 5 << 20);
        using var source = new PackedMemory(bytes, Sizes(new Random(0), bytes.Length, 4096, 4096), Enumerable.Range(0, 1250));
        for (int block = 0; block < 1200; block++)
        {
            Assert.False(source.TryRead((ulong)block * 4096, new byte[8]));
        }

        // The first block of the stretch is sound.
        Assert.Equal(1000, source.Damage.First.Count);
        ElfMmuException error = Assert.Throws<ElfMmuException>(() => source.Read(1249 * 4096, new byte[size]));
        Assert.Equal(0x1000UL + (1249 * 2048), error.Offset);
        Assert.Contains("block 1249 is spoiled", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DamageInAWindowAheadIsSeenByWhoReadsItAndByNobodyElse()
    {
        byte[] bytes = Bytes(new Random(7), 8 << 20);
        using var source = new PackedMemory(bytes, Sizes(new Random(0), bytes.Length, 4096, 4096), [1000]);
        byte[] piece = new byte[64 << 10];
        for (int offset = 0; offset < bytes.Length; offset += piece.Length)
        {
            bool isThere = source.TryRead((ulong)offset, piece);
            Assert.Equal(offset / piece.Length != 1000 * 4096 / piece.Length, isThere);
            Assert.True(!isThere || piece.AsSpan().SequenceEqual(bytes.AsSpan(offset, piece.Length)));
        }
    }

    [Fact]
    public void DamageIsZerosWhereThatIsAskedFor()
    {
        byte[] bytes = Bytes(new Random(8), 1 << 20);
        using var source = new PackedMemory(bytes, Sizes(new Random(0), bytes.Length, 4096, 4096), [5], zeroFill: true);
        bytes.AsSpan(5 * 4096, 4096).Clear();
        ReadInOrder(source, bytes, 4096);
        ReadInOrder(source, bytes, 300_000);
        Assert.Equal(1, source.Damage.Count);
    }

    [Fact]
    public void SoundPartsComeWithoutTheDamagedOnes()
    {
        byte[] bytes = Bytes(new Random(9), 1 << 20);
        using var source = new PackedMemory(bytes, Sizes(new Random(0), bytes.Length, 4096, 4096), [5, 200]);
        bytes.AsSpan(5 * 4096, 4096).Clear();
        bytes.AsSpan(200 * 4096, 4096).Clear();
        byte[] all = new byte[bytes.Length];
        source.ReadSound(0, all);
        Assert.True(all.AsSpan().SequenceEqual(bytes));
    }

    [Fact]
    public void NobodyUnpacksAfterItWasClosed()
    {
        byte[] bytes = Bytes(new Random(10), 16 << 20);
        for (int i = 0; i < 20; i++)
        {
            var source = new PackedMemory(bytes, Sizes(new Random(0), bytes.Length, 4096, 4096));
            byte[] piece = new byte[64 << 10];
            for (int offset = 0; offset < 10 * piece.Length; offset += piece.Length)
            {
                source.Read((ulong)offset, piece);
            }

            // Assert.False in Unpack would be swallowed on the other thread: look at the count instead.
            source.Dispose();
            int unpacked = source.UnpackedInAll;
            Thread.Sleep(5);
            Assert.Equal(unpacked, source.UnpackedInAll);
        }
    }

    [Fact]
    public void ReadsOutsideAreRefused()
    {
        using var source = new PackedMemory(new byte[5000], [4096, 904]);
        Assert.Equal("ReadFailed", Assert.Throws<ElfMmuException>(() => source.Read(4999, new byte[2])).ErrorId);
        Assert.Equal("ReadFailed", Assert.Throws<ElfMmuException>(() => source.Read(ulong.MaxValue, new byte[100_000])).ErrorId);
    }

    [Fact]
    public void PhysicalMemoryHasNoDamagedBytes()
    {
        byte[] bytes = Bytes(new Random(11), 64 << 10);
        var source = new PackedMemory(bytes, Sizes(new Random(0), bytes.Length, 4096, 4096), [2]);
        using var memory = new PhysicalMemory([new PhysicalRun(0x10_0000, (ulong)bytes.Length, source, 0)]);
        byte[] word = new byte[8];
        Assert.True(memory.TryRead(0x10_1ff8, word));
        Assert.False(memory.TryRead(0x10_1ffc, word));
        Assert.False(memory.TryRead(0x10_2000, word));
        Assert.Equal(1, Assert.Single(memory.Damage).Count);
    }

    private static void Read(PackedMemory source, byte[] bytes, Random random, int count)
    {
        for (int i = 0; i < count; i++)
        {
            int offset = random.Next(bytes.Length);
            int size = Math.Min(random.Next(3) == 0 ? random.Next(2 << 20) : random.Next(10_000), bytes.Length - offset);
            byte[] read = new byte[size];
            source.Read((ulong)offset, read);
            Assert.True(read.AsSpan().SequenceEqual(bytes.AsSpan(offset, size)), $"{size} bytes at {offset}");
        }
    }

    private static void ReadInOrder(PackedMemory source, byte[] bytes, int step)
    {
        byte[] read = new byte[step];
        for (int offset = 0; offset < bytes.Length; offset += step)
        {
            Span<byte> piece = read.AsSpan(0, Math.Min(step, bytes.Length - offset));
            source.Read((ulong)offset, piece);
            Assert.True(piece.SequenceEqual(bytes.AsSpan(offset, piece.Length)), $"{piece.Length} bytes at {offset}");
        }
    }

    private static byte[] Bytes(Random random, int size)
    {
        byte[] bytes = new byte[size];
        random.NextBytes(bytes);
        return bytes;
    }

    private static int[] Sizes(Random random, int total, int least, int most)
    {
        var sizes = new List<int>();
        for (int left = total; left > 0; left -= sizes[^1])
        {
            sizes.Add(Math.Min(left, random.Next(least, most + 1)));
        }

        return [.. sizes];
    }
}
