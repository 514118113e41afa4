using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps.Lime;

/// <summary>Files of LiME and AVML: the memory is where it was, and what is missing is absent.</summary>
public sealed class LimeTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SmallMachine _machine = new("ia32e");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("lime")]
    [InlineData("lime-big")]
    [InlineData("avml")]
    [InlineData("mixed")]
    [InlineData("disorder")]
    public void A_machine_is_the_same(string kind)
    {
        byte[] memory = _machine.Memory;
        LimeFile file = kind switch
        {
            "lime" => new LimeFile().Range(0, new byte[4096]).Range(SmallMachine.RamBase, memory),
            "lime-big" => new LimeFile { IsBig = true }.Range(0, new byte[4096]).Range(SmallMachine.RamBase, memory),
            "avml" => new LimeFile().Packed(SmallMachine.RamBase, memory.AsSpan(0, 0x6000)).Packed(SmallMachine.RamBase + 0x6000, memory.AsSpan(0x6000)),
            "mixed" => new LimeFile().Range(SmallMachine.RamBase, memory.AsSpan(0, 0x6000)).Packed(SmallMachine.RamBase + 0x6000, memory.AsSpan(0x6000)),
            _ => new LimeFile().Packed(SmallMachine.RamBase + 0x6000, memory.AsSpan(0x6000)).Range(SmallMachine.RamBase, memory.AsSpan(0, 0x6000)),
        };
        using MemoryDump dump = Open(file.ToArray());
        Assert.Equal(kind.StartsWith("lime", StringComparison.Ordinal) ? "LiME" : "AVML", dump.Container);
        Assert.Equal(kind == "lime-big" ? ByteOrder.Big : ByteOrder.Little, dump.Machine.ByteOrder);
        Assert.Equal(kind.StartsWith("lime", StringComparison.Ordinal) ? null : "snappy", dump.Facts.Compression);
        Assert.Empty(dump.Warnings);
        Assert.True(dump.IsPlaced);
        byte[] bytes = new byte[memory.Length];
        Assert.True(dump.Memory.TryRead(SmallMachine.RamBase, bytes));
        Assert.Equal(memory, bytes);
        Assert.False(dump.Memory.TryRead(SmallMachine.RamBase + (ulong)memory.Length, bytes.AsSpan(0, 1)));
        Assert.False(dump.Memory.TryRead(SmallMachine.RamBase - 1, bytes.AsSpan(0, 1)));
        if (kind != "lime-big")
        {
            Assert.Equal(Mappings(Plain()), Mappings(dump));
        }
    }

    [Fact]
    public void Stored_ranges_are_read_in_place()
    {
        byte[] file = new LimeFile().Range(0x1000, _machine.Memory).ToArray();
        using MemoryDump dump = Open(file);
        PhysicalRun run = Assert.Single(dump.Memory.Runs);
        Assert.Equal((0x1000UL, (ulong)_machine.Memory.Length, 32UL), (run.Start, run.Size, run.Offset));
        Assert.True(dump.TryLocate(0x1234, out string path, out ulong offset));
        Assert.Equal((dump.Identity.Path, 32UL + 0x234), (path, offset));
    }

    [Fact]
    public void A_range_that_is_cut_off_goes_as_far_as_it_goes()
    {
        byte[] file = new LimeFile().Range(0x1000, _machine.Memory.AsSpan(0, 0x2000)).Range(0x10_0000, _machine.Memory).ToArray();
        int second = 0x2000 + 32;
        for (int length = 0; length <= file.Length; length += length is > 20 and < 40 || (length > second - 8 && length < second + 40) ? 1 : 509)
        {
            string path = _folder.Write("cut.lime", file[..length]);
            if (length <= 32)
            {
                Assert.Contains(Assert.Throws<ElfMmuException>(() => MemoryDump.Open(path).Dispose()).ErrorId, new[] { "DumpEmpty", "DumpTruncated" }.Append(
                    length < 32 ? "DumpInconsistent" : "DumpTruncated"));
                continue;
            }

            using (MemoryDump dump = MemoryDump.Open(path))
            {
                int have = Math.Min(length - 32, 0x2000) + Math.Max(0, length - second - 32);
                Assert.Equal((ulong)have, dump.Memory.Size);
                if (length == second)
                {
                    // Nothing shows that a second range would have followed.
                    Assert.Empty(dump.Warnings);
                }
                else
                {
                    Assert.Contains("0x", Assert.Single(dump.Warnings), StringComparison.Ordinal);
                }
            }

            using MemoryDump filled = MemoryDump.Open(path, new DumpOptions { ZeroFill = true });
            ulong promised = 0x2000 + (length >= second + 32 ? (ulong)_machine.Memory.Length : 0);
            Assert.Equal(promised, filled.Memory.Size);
        }
    }

    [Fact]
    public void A_packed_block_that_is_cut_off_keeps_its_whole_chunks()
    {
        byte[] memory = RawDump.Pages(64);
        var file = new LimeFile();
        byte[] bytes = file.Packed(0x1000, memory.AsSpan(0, 20 * 4096)).Packed(0x100_0000, memory).ToArray();
        List<int> chunks = LimeFile.Chunks(bytes, file.Headers[1]);
        Assert.Equal(4, chunks.Count);
        using MemoryDump dump = Open(bytes[..(chunks[2] + 100)]);
        Assert.Equal((20UL * 4096) + 131072, dump.Memory.Size);
        byte[] read = new byte[131072];
        Assert.True(dump.Memory.TryRead(0x100_0000, read));
        Assert.True(memory.AsSpan(0, read.Length).SequenceEqual(read));
        string warning = Assert.Single(dump.Warnings);
        Assert.Contains("131072 bytes", warning, StringComparison.Ordinal);
        Assert.Contains("0x1020000", warning, StringComparison.Ordinal);
        using MemoryDump filled = MemoryDump.Open(_folder.Write("cut.lime", bytes[..(chunks[2] + 100)]), new DumpOptions { ZeroFill = true });
        Assert.True(filled.Memory.TryRead(0x102_0000, read));
        Assert.False(read.AsSpan().ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Zeros_are_where_no_range_is()
    {
        byte[] memory = RawDump.Pages(10);
        byte[] bytes = new LimeFile().Range(0x10_4000, memory.AsSpan(0, 0x4000)).Range(0x10_2000, memory).ToArray();
        using MemoryDump filled = MemoryDump.Open(_folder.Write("over.lime", bytes[..^0x9000]), new DumpOptions { ZeroFill = true });
        byte[] read = new byte[0xa000];
        Assert.True(filled.Memory.TryRead(0x10_2000, read));
        Assert.Equal([.. memory[..0x1000], .. new byte[0x1000], .. memory[..0x4000], .. new byte[0x4000]], read);
    }

    [Fact]
    public void A_damaged_chunk_is_absent_and_told()
    {
        byte[] memory = RawDump.Pages(64);
        var file = new LimeFile();
        byte[] bytes = file.Packed(0x10_0000, memory).ToArray();
        List<int> chunks = LimeFile.Chunks(bytes, file.Headers[0]);

        // The checksum, and the data behind it.
        foreach (int at in new[] { chunks[1] + 4, chunks[1] + 1000 })
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= 0x40;
            using MemoryDump dump = Open(damaged);
            Assert.Empty(dump.Warnings);
            byte[] read = new byte[65536];
            Assert.True(dump.Memory.TryRead(0x10_0000, read));
            Assert.False(dump.Memory.TryRead(0x11_0000, read.AsSpan(0, 1)));
            Assert.False(dump.Memory.TryRead(0x11_8000, read));
            Assert.True(dump.Memory.TryRead(0x12_0000, read));
            Assert.True(memory.AsSpan(131072, read.Length).SequenceEqual(read));
            DamagedBlock block = Assert.Single(Assert.Single(dump.Memory.Damage).First);
            Assert.Equal(((ulong)chunks[1], 65536UL, 65536), (block.FileOffset, block.Offset, block.Size));
            using MemoryDump filled = MemoryDump.Open(_folder.Write("zeros.lime", damaged), new DumpOptions { ZeroFill = true });
            Assert.True(filled.Memory.TryRead(0x11_0000, read));
            Assert.False(read.AsSpan().ContainsAnyExcept((byte)0));
        }
    }

    [Theory]
    [InlineData(0, 0x7f)] // a type that must not be skipped
    [InlineData(2, 0xff)] // a length far behind the end
    [InlineData(1, 0x13)] // another length
    [InlineData(8, 0xff)] // what a chunk unpacks to
    public void Behind_damaged_headers_the_next_block_is_found(int at, byte value)
    {
        byte[] memory = RawDump.Pages(64);
        var file = new LimeFile();
        byte[] bytes = file.Packed(0x10_0000, memory).Packed(0x20_0000, memory).Packed(0x30_0000, memory).ToArray();
        bytes[LimeFile.Chunks(bytes, file.Headers[1])[1] + at] = value;
        using MemoryDump dump = Open(bytes);
        byte[] read = new byte[memory.Length];
        Assert.True(dump.Memory.TryRead(0x10_0000, read));
        Assert.Equal(memory, read);
        Assert.True(dump.Memory.TryRead(0x30_0000, read));
        Assert.Equal(memory, read);
        Assert.True(dump.Memory.TryRead(0x20_0000, read.AsSpan(0, 65536)));
        Assert.Contains("absent", Assert.Single(dump.Warnings), StringComparison.Ordinal);
        Assert.False(dump.Memory.TryRead(0x23_0000, read.AsSpan(0, 1)));
    }

    [Fact]
    public void Behind_a_damaged_range_header_the_next_block_is_found()
    {
        byte[] memory = RawDump.Pages(64);
        var file = new LimeFile();
        byte[] bytes = file.Packed(0x10_0000, memory).Packed(0x20_0000, memory).Packed(0x30_0000, memory).ToArray();
        bytes[file.Headers[1]] ^= 1;
        using MemoryDump dump = Open(bytes);
        byte[] read = new byte[memory.Length];
        Assert.False(dump.Memory.TryRead(0x20_0000, read.AsSpan(0, 1)));
        Assert.True(dump.Memory.TryRead(0x30_0000, read));
        Assert.Equal(memory, read);
        Assert.Contains($"0x{file.Headers[1]:x}", Assert.Single(dump.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_length_behind_a_block_is_told()
    {
        byte[] bytes = new LimeFile().Packed(0x10_0000, _machine.Memory).ToArray();
        bytes[^8]++;
        using MemoryDump dump = Open(bytes);
        Assert.Contains("length", Assert.Single(dump.Warnings), StringComparison.Ordinal);
        Assert.Equal((ulong)_machine.Memory.Length, dump.Memory.Size);
    }

    [Fact]
    public void A_block_without_its_length_is_whole()
    {
        byte[] bytes = new LimeFile().Packed(0x10_0000, _machine.Memory).ToArray();
        using MemoryDump dump = Open(bytes[..^3]);
        Assert.Single(dump.Warnings);
        Assert.Equal((ulong)_machine.Memory.Length, dump.Memory.Size);
    }

    [Fact]
    public void Ranges_that_contradict_themselves_or_each_other_are_refused()
    {
        var backward = new LimeFile();
        backward.Header(0x4c694d45, 1, 0x2000, 0x1000);
        Throws.Error("DumpInconsistent", () => Open(backward.Raw(new byte[100]).ToArray()));
        var whole = new LimeFile();
        whole.Header(0x4c694d45, 1, 0, ulong.MaxValue);
        Throws.Error("DumpInconsistent", () => Open(whole.Raw(new byte[100]).ToArray()));
        Throws.Error("DumpInconsistent", () => Open(new LimeFile().Range(0x1000, new byte[8192]).Range(0x2000, new byte[8192]).ToArray()));
        Throws.Error("DumpInconsistent", () => Open(new LimeFile().Packed(0x1000, new byte[8192]).Range(0x2000, new byte[8192]).ToArray()));
        Throws.Error("DumpTruncated", () => Open(new LimeFile().Stream(0x1000, 0x1fff, []).ToArray()));
    }

    [Fact]
    public void What_is_no_header_ends_the_ranges()
    {
        byte[] file = new LimeFile().Range(0x1000, _machine.Memory).Raw(new byte[100]).ToArray();
        using MemoryDump dump = Open(file);
        Assert.Equal((ulong)_machine.Memory.Length, dump.Memory.Size);
        Assert.Contains("100 bytes", Assert.Single(dump.Warnings), StringComparison.Ordinal);
        var backward = new LimeFile().Range(0x1000, _machine.Memory);
        backward.Header(0x4c694d45, 1, 0x20_0000, 0x10_0000);
        using MemoryDump other = Open(backward.Raw(new byte[64]).ToArray());
        Assert.Contains("contradicts", Assert.Single(other.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Blocks_of_zeros_that_AVML_leaves_out_are_absent_unless_asked_for(bool isPacked)
    {
        const int BlockSize = 16 << 20;
        byte[] memory = new byte[5 * BlockSize];
        memory[1] = memory[BlockSize + 2] = memory[(4 * BlockSize) + 3] = 7;
        byte[] file = new LimeFile().Avml(0x10_0000, memory, isPacked).ToArray();
        Assert.True(file.Length < 4 * BlockSize);
        string path = _folder.Write("zeros.avml", file);
        using (MemoryDump dump = MemoryDump.Open(path))
        {
            Assert.Equal(3UL * BlockSize, dump.Memory.Size);
            string warning = Assert.Single(dump.Warnings);
            Assert.Contains("1 gap ", warning, StringComparison.Ordinal);
            Assert.Contains("32 MiB in all, from physical 0x2100000 on. They are absent", warning, StringComparison.Ordinal);
            Assert.Equal((0UL, 2UL * BlockSize), (dump.MissingSize, dump.LeftOutSize));
        }

        using MemoryDump filled = MemoryDump.Open(path, new DumpOptions { ZeroFill = true });
        byte[] read = new byte[memory.Length];
        Assert.True(filled.Memory.TryRead(0x10_0000, read));
        Assert.True(memory.AsSpan().SequenceEqual(read));
        Assert.False(filled.Memory.TryRead(0x10_0000 + (ulong)memory.Length, read.AsSpan(0, 1)));
    }

    [Fact]
    public void Chunks_may_have_any_size()
    {
        // Each small piece a chunk of its own, and skippable ones between them.
        byte[] memory = RawDump.Pages(40);
        var random = new Random(5);
        var stream = new List<byte>();
        for (int at = 0, size; at < memory.Length; at += size)
        {
            size = Math.Min(random.Next(1, 9000), memory.Length - at);
            stream.AddRange(Packing.SnappyPacker.Stream(memory.AsSpan(at, size)));
            stream.AddRange([0xfe, 3, 0, 0, 1, 2, 3]);
        }

        stream.RemoveRange(stream.Count - 7, 7);
        using MemoryDump dump = Open(new LimeFile().Stream(0x5000, 0x5000 + (ulong)memory.Length - 1, [.. stream]).ToArray());
        Assert.Empty(dump.Warnings);
        byte[] read = new byte[memory.Length];
        Assert.True(dump.Memory.TryRead(0x5000, read));
        Assert.Equal(memory, read);
        for (int i = 0; i < 1000; i++)
        {
            int at = random.Next(memory.Length - 1);
            int size = random.Next(1, Math.Min(20_000, memory.Length - at));
            Assert.True(dump.Memory.TryRead(0x5000 + (ulong)at, read.AsSpan(0, size)));
            Assert.True(memory.AsSpan(at, size).SequenceEqual(read.AsSpan(0, size)));
        }
    }

    [Fact]
    public void The_last_byte_that_AVML_forgets_costs_no_table()
    {
        // AVML takes the last address of each range in /proc/iomem for the one behind it.
        using MemoryDump dump = Open(new LimeFile().Packed(SmallMachine.RamBase, _machine.Memory.AsSpan(0, 0x3fff)).ToArray());
        using MemoryDump plain = RawDump.Open(_folder, _machine.Memory[..0x4000], SmallMachine.RamBase, "plain.bin");
        Assert.Equal(Mappings(plain), Mappings(dump));
    }

    [Fact]
    public void A_RAM_base_is_not_used() =>
        Assert.Contains(
            MemoryDump.Open(_folder.Write("x.lime", new LimeFile().Range(0x1000, _machine.Memory).ToArray()), new DumpOptions { RamBase = 0 }).Warnings,
            w => w.Contains("no raw image", StringComparison.Ordinal));

    private static string[] Mappings(MemoryDump dump)
    {
        AddressSpace space = dump.Space(SmallMachine.RamBase, "ia32e");
        var list = new MappingList();
        space.Walk(space.NewWalk() with { IncludeAbsent = true }, ref list);
        Assert.NotEmpty(list.Items);
        return [.. list.Items.Select(m => m.ToString()!)];
    }

    private MemoryDump Plain() => RawDump.Open(_folder, _machine.Memory, SmallMachine.RamBase, "plain.bin");

    private MemoryDump Open(byte[] file) => MemoryDump.Open(_folder.Write("dump", file));
}
