using System.Text;
using ElfMmu.Packing;
using ElfMmu.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace ElfMmu.Tests.Packing;

/// <summary>What the snappy library packs, blocks of any elements, and what is no block.</summary>
public sealed class SnappyTests
{
    [ToolFact("snappy")]
    public void What_was_packed_comes_out()
    {
        using var folder = new TempFolder();
        foreach ((string name, byte[] data) in PackingSamples.All())
        {
            string path = folder.Write(name, data);
            ToolResult made = Tools.Run(
                Tools.SnappyPython!, "-c", "import sys, snappy; open(sys.argv[2], 'wb').write(snappy.compress(open(sys.argv[1], 'rb').read()))", path, path + ".sz");
            Assert.True(made.ExitCode == 0, made.Errors);
            byte[] packed = File.ReadAllBytes(path + ".sz");
            Assert.True(SnappyDecoder.TryReadLength(packed, out uint length, out _));
            Assert.Equal((uint)data.Length, length);
            byte[] plain = new byte[data.Length];
            Assert.True(SnappyDecoder.TryDecode(packed, plain), name);
            Assert.True(data.AsSpan().SequenceEqual(plain), name);
            Assert.False(SnappyDecoder.TryDecode(packed, new byte[data.Length + 1]), name);
            Assert.False(SnappyDecoder.TryDecode(packed.AsSpan(0, packed.Length - 1), plain), name);
        }
    }

    [Fact]
    public void Blocks_of_any_elements_mean_what_they_say() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed =>
        {
            SnappyElements elements = Any(new Random(seed));
            byte[] expected = elements.Plain;
            byte[] plain = new byte[expected.Length];
            return SnappyDecoder.TryDecode(elements.Packed, plain) && plain.AsSpan().SequenceEqual(expected);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Each_pattern_repeats_at_each_distance_from_the_end()
    {
        byte[] head = [.. Enumerable.Range(1, 70).Select(i => (byte)i)];
        for (int offset = 1; offset <= 70; offset++)
        {
            for (int size = 1; size <= 64; size++)
            {
                foreach (int tail in new[] { 0, 1, 31, 100 })
                {
                    SnappyElements elements = new SnappyElements().Literal(head, 1).Copy(offset, size, 2);
                    if (tail > 0)
                    {
                        elements.Literal(new byte[tail], 1);
                    }

                    byte[] plain = new byte[elements.Plain.Length];
                    Assert.True(SnappyDecoder.TryDecode(elements.Packed, plain));
                    Assert.Equal(elements.Plain, plain);
                }
            }
        }
    }

    [Fact]
    public void Nothing_is_written_outside_of_the_destination()
    {
        var random = new Random(11);
        byte[] space = new byte[1 << 16];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] packed = Any(random).Packed;
            SnappyDecoder.TryReadLength(packed, out uint length, out int start);
            for (int j = random.Next(1, 6); j > 0 && packed.Length > start; j--)
            {
                packed[random.Next(start, packed.Length)] = (byte)random.Next(256);
            }

            int size = (int)Math.Min(length, 40_000);
            space.AsSpan().Fill(0xa5);
            int cut = random.Next(4) == 0 ? random.Next(packed.Length + 1) : packed.Length;

            // Its own array, so that reading outside of it can be told by tools that watch memory.
            SnappyDecoder.TryDecode(packed.AsSpan(0, cut).ToArray(), space.AsSpan(64, size));
            Assert.False(space.AsSpan(0, 64).ContainsAnyExcept((byte)0xa5));
            Assert.False(space.AsSpan(64 + size).ContainsAnyExcept((byte)0xa5));
        }
    }

    [Theory]
    [InlineData("")] // no length
    [InlineData("80")] // a length that is cut off
    [InlineData("8080808010")] // 2^32
    [InlineData("ffffffffff01")] // six bytes of length
    [InlineData("04")] // nothing behind it
    [InlineData("04 0c 61 62 63")] // a literal that is cut off
    [InlineData("04 f0")] // the length of a literal that is cut off
    [InlineData("04 fc ff ff ff ff 61 62 63 64")] // a literal of 2^32 bytes
    [InlineData("04 0c 61 62 63 64 00 65")] // more than the length
    [InlineData("05 00 61 01 00")] // a copy from 0 before
    [InlineData("05 00 61 01 02")] // a copy from before the start
    [InlineData("05 00 61 01")] // a copy without an offset
    [InlineData("05 00 61 0e 01")] // half an offset
    [InlineData("05 00 61 0f 01 00 00")] // three quarters of one
    [InlineData("05 00 61 0f ff ff ff ff")] // one that wraps
    [InlineData("04 00 61 01 01")] // a copy over the end
    public void Damage_is_told(string block)
    {
        byte[] packed = Convert.FromHexString(block.Replace(" ", "", StringComparison.Ordinal));
        for (int length = 0; length < 8; length++)
        {
            Assert.False(SnappyDecoder.TryDecode(packed, new byte[length]));
        }
    }

    [Fact]
    public void An_empty_block_is_one()
    {
        Assert.True(SnappyDecoder.TryDecode([0], []));
        Assert.False(SnappyDecoder.TryDecode([0, 0, 0x61], []));
        byte[] plain = new byte[5];
        Assert.True(SnappyDecoder.TryDecode([5, 0, (byte)'a', 1, 1], plain));
        Assert.Equal("aaaaa", Encoding.ASCII.GetString(plain));
    }

    private static SnappyElements Any(Random random)
    {
        var elements = new SnappyElements();
        int count = 0;
        for (int i = random.Next(1, 40); i > 0; i--)
        {
            if (count == 0 || random.Next(3) == 0)
            {
                byte[] bytes = new byte[random.Next(4) == 0 ? random.Next(1, 1000) : random.Next(1, 20)];
                random.NextBytes(bytes);
                int least = bytes.Length <= 60 ? 0 : bytes.Length <= 256 ? 1 : 2;
                elements.Literal(bytes, random.Next(least, 5));
                count += bytes.Length;
                continue;
            }

            int offset = Math.Min(count, random.Next(3) == 0 ? random.Next(1, count + 1) : random.Next(1, 20));
            int kind = random.Next(3);
            int offsetBytes = kind == 0 && offset < 2048 ? 1 : kind == 1 && offset < 65536 ? 2 : 4;
            int size = offsetBytes == 1 ? random.Next(4, 12) : random.Next(1, 65);
            elements.Copy(offset, size, offsetBytes);
            count += size;
        }

        return elements;
    }
}
