using System.Text;
using ElfMmu.Packing;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Packing;

/// <summary>What the zstd program compresses, and what is no Zstandard.</summary>
public sealed class ZstandardTests
{
    [ToolTheory("zstd")]
    [InlineData("-1")]
    [InlineData("-3", "--no-check")]
    [InlineData("-19")]
    [InlineData("--ultra", "-22")]
    [InlineData("--fast=5")]
    public void What_was_compressed_comes_out(params string[] options)
    {
        using var folder = new TempFolder();
        foreach ((string name, byte[] data) in PackingSamples.All())
        {
            string path = folder.Write(name, data);
            ToolResult made = Tools.Run("zstd", [.. options, "-q", "-f", path, "-o", path + ".zst"]);
            Assert.True(made.ExitCode == 0, made.Errors);
            var decoder = new ZstandardDecoder(data.Length);
            decoder.Decode(File.ReadAllBytes(path + ".zst"));
            Assert.True(data.AsSpan().SequenceEqual(decoder.ToArray()), name);
        }
    }

    [Fact]
    public void Raw_and_run_blocks_come_out()
    {
        // A frame of one segment and 5 bytes: a raw block of 2, and a last block that is a run of 3.
        byte[] frame = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 5, 0x10, 0, 0, (byte)'a', (byte)'b', 0x1b, 0, 0, (byte)'c'];
        var decoder = new ZstandardDecoder(100);
        decoder.Decode([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9, .. frame, .. frame]);
        Assert.Equal("abcccabccc", Encoding.ASCII.GetString(decoder.ToArray()));
        var few = new ZstandardDecoder(4);
        few.Decode(frame);
        Assert.Equal("abcc", Encoding.ASCII.GetString(few.ToArray()));
    }

    [Fact]
    public void A_block_gives_no_more_than_it_may()
    {
        // 128 KiB of literals, all the same, and a sequence of one literal and a match of nearly as much: each may be, both together may not.
        byte[] block = [0x0d, 0, 0x20, (byte)'A', 1, 0x54, 1, 2, 52, 0, 0, 4];
        byte[] large = [0x28, 0xb5, 0x2f, 0xfd, 0, 0x50, (byte)((block.Length << 3) | 5), 0, 0, .. block];
        Assert.Throws<InvalidDataException>(() => new ZstandardDecoder(1 << 20).Decode(large));
        using var stream = new ZstandardStream(new MemoryStream(large), 1 << 20);
        Assert.Throws<InvalidDataException>(() => stream.CopyTo(Stream.Null));

        // A window of 5 bytes, and a run of 6.
        byte[] run = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 5, 0x33, 0, 0, (byte)'c'];
        Assert.Throws<InvalidDataException>(() => new ZstandardDecoder(100).Decode(run));
        using var small = new ZstandardStream(new MemoryStream(run), 1 << 20);
        Assert.Throws<InvalidDataException>(() => small.CopyTo(Stream.Null));
    }

    [ToolFact("zstd")]
    public void A_checksum_that_does_not_agree_is_damage()
    {
        using var folder = new TempFolder();
        (string name, byte[] data) = PackingSamples.All().First(s => s.Name == "text");
        string path = folder.Write(name, data);
        Tools.Run("zstd", "-q", "-f", path, "-o", path + ".zst");
        byte[] packed = File.ReadAllBytes(path + ".zst");
        byte[] unpacked = new byte[data.Length];
        var decoder = new ZstandardDecoder(0);
        Assert.True(decoder.TryDecode(packed, unpacked));
        Assert.Equal(data, unpacked);
        packed[^1] ^= 1;
        Assert.False(decoder.TryDecode(packed, unpacked));
        packed[^1] ^= 1;
        Assert.True(decoder.TryDecode(packed, unpacked));
    }

    [ToolFact("zstd")]
    public void Damage_ends_in_one_kind_of_error()
    {
        using var folder = new TempFolder();
        (string name, byte[] data) = PackingSamples.All().First(s => s.Name == "text");
        string path = folder.Write(name, data);
        Tools.Run("zstd", "-q", "-f", path, "-o", path + ".zst");
        byte[] good = File.ReadAllBytes(path + ".zst");
        var random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 500; i++)
        {
            byte[] bad = good[..random.Next(5, good.Length)];
            for (int j = random.Next(1, 8); j > 0; j--)
            {
                bad[random.Next(4, bad.Length)] = (byte)random.Next(256);
            }

            var decoder = new ZstandardDecoder(data.Length);
            try
            {
                decoder.Decode(bad);
            }
            catch (InvalidDataException)
            {
                refused++;
            }

            Assert.InRange(decoder.ToArray().Length, 0, data.Length);
        }

        Assert.True(refused > 300);
    }
}
