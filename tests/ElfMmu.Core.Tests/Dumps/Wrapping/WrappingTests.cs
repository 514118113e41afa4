using System.IO.Compression;
using ElfMmu.Dumps;
using ElfMmu.Tests.Dumps.Lime;
using ElfMmu.Tests.Packing;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps.Wrapping;

/// <summary>Dumps packed as a whole: what comes out, how far it is told, and what isn't unpacked.</summary>
public sealed class WrappingTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly byte[] _memory = RawDump.Pages(600);

    public void Dispose() => _folder.Dispose();

    [ToolTheory("zstd")]
    [InlineData("-1")]
    [InlineData("-19")]
    [InlineData("--long=24", "-5")]
    [InlineData("--no-check")]
    [InlineData("-T2", "-B100000")]
    public void What_zstd_packed_is_read(params string[] options)
    {
        // More than a window, and matches far back in it.
        byte[] memory = new byte[12 << 20];
        new Random(3).NextBytes(memory.AsSpan(0, 3 << 20));
        memory.AsSpan(0, 3 << 20).CopyTo(memory.AsSpan(7 << 20));
        _memory.CopyTo(memory.AsSpan(4 << 20));
        string path = _folder.Write("dump.bin", memory);
        ToolResult made = Tools.Run("zstd", [.. options, "-q", "-f", path, "-o", path + ".zst"]);
        Assert.True(made.ExitCode == 0, made.Errors);
        AssertHolds(memory, path + ".zst", "zstd");
        byte[] packed = File.ReadAllBytes(path + ".zst");
        AssertHolds([.. memory, .. memory], _folder.Write("twice.zst", [.. packed, 0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3, .. packed]), "zstd");
        foreach (int length in new[] { 6, 100, packed.Length / 2, packed.Length - 5, packed.Length - 1 })
        {
            Throws.Error("ZstandardDamaged", () => MemoryDump.Open(_folder.Write("cut.zst", packed[..length])).Dispose());
        }

        if (!options.Contains("--no-check"))
        {
            packed[packed.Length / 2] ^= 4;
            Throws.Error("ZstandardDamaged", () => MemoryDump.Open(_folder.Write("bad.zst", packed)).Dispose());
        }
    }

    [Fact]
    public void A_window_too_large_is_named()
    {
        byte[] frame = [0x28, 0xb5, 0x2f, 0xfd, 0, (30 - 10) << 3, 1, 0, 0];
        Assert.Contains("--long=31", Throws.Error("DumpUnsupported", () => MemoryDump.Open(_folder.Write("dump.zst", frame))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void A_zlib_stream_is_read_as_far_as_it_goes(CompressionLevel level)
    {
        byte[] file = new LimeFile().Range(0x10_0000, _memory).ToArray();
        byte[] packed = Deflate(file, level);
        using (MemoryDump dump = MemoryDump.Open(_folder.Write("dump", packed)))
        {
            Assert.Equal("LiME", dump.Container);
            Assert.Equal((ulong)_memory.Length, dump.Memory.Size);
            Assert.Empty(dump.Warnings);
            Assert.Contains(dump.Remarks, r => r.Contains("zlib", StringComparison.Ordinal));
        }

        // LiME forgets the end of it.
        using (MemoryDump dump = MemoryDump.Open(_folder.Write("dump", packed[..^10])))
        {
            Assert.InRange(dump.Memory.Size, (ulong)_memory.Length - 100_000, (ulong)_memory.Length);
            Assert.Contains(dump.Warnings, w => w.Contains("cut off", StringComparison.Ordinal));
        }

        packed[packed.Length / 2] ^= 0x55;
        try
        {
            MemoryDump.Open(_folder.Write("dump", packed)).Dispose();
            Assert.Fail("A changed byte was not noticed.");
        }
        catch (ElfMmuException e)
        {
            Assert.Equal("ZlibDamaged", e.ErrorId);
        }
    }

    [Fact]
    public void Memory_that_starts_like_zlib_is_memory()
    {
        foreach (byte[] head in new byte[][] { [0x78, 0x9c, 1, 2, 3], [0x38, 0x8d], [0x78, 0x9c], [0x08, 0x1d, 0, 0] })
        {
            byte[] memory = [.. _memory];
            head.CopyTo(memory, 0);
            AssertHolds(memory, _folder.Write("dump", memory), "raw");
        }
    }

    [Theory]
    [InlineData("xz", "fd 37 7a 58 5a 00")]
    [InlineData("bzip2", "42 5a 68 39 31 41 59 26 53 59")]
    [InlineData("lz4", "04 22 4d 18")]
    [InlineData("lzop", "89 4c 5a 4f 00 0d 0a 1a 0a")]
    [InlineData("7-Zip", "37 7a bc af 27 1c")]
    [InlineData("ZIP", "50 4b 03 04")]
    [InlineData("RAR", "52 61 72 21 1a 07 01 00")]
    public void What_is_not_unpacked_is_named(string name, string head)
    {
        byte[] memory = [.. _memory];
        Convert.FromHexString(head.Replace(" ", "", StringComparison.Ordinal)).CopyTo(memory, 0);
        string path = _folder.Write("dump", memory);
        Assert.Contains(name, Throws.Error("DumpUnsupported", () => MemoryDump.Open(path)).Message, StringComparison.Ordinal);

        // Memory can start like anything, and who says where it was knows that it is memory.
        using MemoryDump dump = MemoryDump.Open(path, new DumpOptions { RamBase = 0x1000 });
        Assert.Equal((ulong)memory.Length, dump.Memory.Size);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zlib")]
    public void Progress_grows_up_to_the_whole(string kind)
    {
        byte[] memory = new byte[9 << 20];
        new Random(4).NextBytes(memory);
        byte[] packed = kind == "gzip" ? SmallMachine.Pack(memory) : Deflate(memory, CompressionLevel.Fastest);
        var seen = new List<(ulong Done, ulong All)>();
        using MemoryDump dump = MemoryDump.Open(_folder.Write("dump", packed), new DumpOptions { Progress = (done, all) => seen.Add((done, all)) });
        Assert.True(seen.Count >= 9);
        Assert.All(seen, s => Assert.Equal((ulong)packed.Length, s.All));
        Assert.Equal(seen.Select(s => s.Done).Order(), seen.Select(s => s.Done));
        Assert.Equal((ulong)packed.Length, seen[^1].Done);
    }

    [Fact]
    public void Who_is_told_the_progress_may_end_it()
    {
        byte[] packed = SmallMachine.Pack(new byte[64 << 20]);
        int calls = 0;
        Assert.Throws<OperationCanceledException>(() => MemoryDump.Open(_folder.Write("dump", packed), new DumpOptions
        {
            Progress = (_, _) => throw new OperationCanceledException($"{++calls}"),
        }));
        Assert.Equal(1, calls);
    }

    [Theory]
    [InlineData("28b52ffd 0050")]
    [InlineData("28b52ffd 2000010000 502a4d18ffffffff")]
    public async Task What_nothing_comes_out_of_can_be_ended(string head)
    {
        // A hole behind a frame's header is blocks of nothing; behind that of a frame to skip it is skipped.
        string path = _folder.Write("dump.zst", Convert.FromHexString(head.Replace(" ", "", StringComparison.Ordinal)));
        using (FileStream file = File.OpenWrite(path))
        {
            file.SetLength(64L << 30);
        }

        using var cancelled = new CancellationTokenSource();
        Task opening = Task.Run(() => MemoryDump.Open(path, cancellation: cancelled.Token).Dispose());
        cancelled.CancelAfter(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void Sums_are_those_of_their_definitions()
    {
        foreach ((_, byte[] data) in PackingSamples.All())
        {
            // zlib's own sum stands at the end of what it packs.
            byte[] packed = Deflate(data, CompressionLevel.Fastest);
            using var summed = new ElfMmu.Packing.Adler32Stream(new MemoryStream(data));
            summed.CopyTo(Stream.Null, 7001);
            Assert.Equal(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(packed.AsSpan(packed.Length - 4)), data.Length == 0 ? 1 : summed.Sum);
        }

        // From xxHash's own description.
        Assert.Equal(0xef46db3751d8e999, new ElfMmu.Packing.XxHash64().Value());
    }

    private static byte[] Deflate(byte[] bytes, CompressionLevel level)
    {
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, level, leaveOpen: true))
        {
            zlib.Write(bytes);
        }

        // .NET writes nothing at all for nothing.
        return bytes.Length == 0 ? [0x78, 0x9c, 3, 0, 0, 0, 0, 1] : packed.ToArray();
    }

    private static void AssertHolds(byte[] memory, string path, string remark)
    {
        using MemoryDump dump = MemoryDump.Open(path);
        Assert.Equal((ulong)memory.Length, dump.Memory.Size);
        byte[] bytes = new byte[memory.Length];
        Assert.True(dump.Memory.TryRead(0, bytes));
        Assert.True(memory.AsSpan().SequenceEqual(bytes));
        Assert.Contains(dump.Remarks, r => r.Contains(remark, StringComparison.Ordinal));
    }
}
