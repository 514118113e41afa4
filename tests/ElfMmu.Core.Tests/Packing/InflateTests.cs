using System.Globalization;
using System.IO.Compression;
using System.Text;
using ElfMmu.Packing;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Packing;

/// <summary>What zlib compresses at every level, and what is no zlib stream.</summary>
public sealed class InflateTests
{
    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void What_was_compressed_comes_out(CompressionLevel level)
    {
        var decoder = new InflateDecoder();
        foreach ((string name, byte[] data) in Samples())
        {
            byte[] packed = Pack(data, level);
            byte[] bytes = new byte[data.Length];
            Assert.True(decoder.TryDecode(packed, bytes), name);
            Assert.True(data.AsSpan().SequenceEqual(bytes), name);
            Assert.False(decoder.TryDecode(packed, new byte[data.Length + 1]), name);
            Assert.False(decoder.TryDecode(packed, new byte[Math.Max(1, data.Length - 1)]) && data.Length > 1, name);
            Assert.False(decoder.TryDecode(packed.AsSpan(0, packed.Length - 1), bytes), name);
            packed[^1] ^= 1;
            Assert.False(decoder.TryDecode(packed, bytes), name);
        }
    }

    [Fact]
    public void It_agrees_with_the_framework_about_damage()
    {
        var decoder = new InflateDecoder();
        var random = new Random(5);
        (string Name, byte[] Data)[] samples = [.. Samples().Where(s => s.Data.Length <= 4096)];
        int sound = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] data = samples[i % samples.Length].Data;
            byte[] packed = Pack(data, i % 2 == 0 ? CompressionLevel.Fastest : CompressionLevel.Optimal);
            for (int j = random.Next(1, 4); j > 0; j--)
            {
                packed[random.Next(2, packed.Length)] ^= (byte)(1 << random.Next(8));
            }

            // The checksum goes with what comes out, so that not every damage is found by it.
            byte[] bytes = new byte[data.Length + 32];
            bytes.AsSpan(data.Length).Fill(0xa5);
            if (Framework(packed, data.Length) is { } expected)
            {
                byte[] sum = BitConverter.GetBytes(Adler32.Compute(expected));
                Array.Reverse(sum);
                sum.CopyTo(packed.AsSpan(packed.Length - 4));
            }

            bool isSound = decoder.TryDecode(packed, bytes.AsSpan(0, data.Length));
            Assert.False(bytes.AsSpan(data.Length).ContainsAnyExcept((byte)0xa5));
            if (isSound)
            {
                sound++;
                Assert.Equal(Framework(packed, data.Length), bytes[..data.Length]);
            }
        }

        Assert.InRange(sound, 1, 19_999);
    }

    [Theory]
    [InlineData("", 1u)]
    [InlineData("a", 0x00620062u)]
    [InlineData("Wikipedia", 0x11e60398u)]
    public void Adler32_is_what_others_say(string text, uint sum) => Assert.Equal(sum, Adler32.Compute(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Adler32_of_many_bytes_is_that_of_one_after_another()
    {
        byte[] bytes = new byte[100_003];
        new Random(1).NextBytes(bytes);
        bytes.AsSpan(0, 20_000).Fill(0xff);
        foreach (int length in (int[])[31, 32, 33, 4096, 5536, 5537, 20_000, 100_003])
        {
            uint low = 1;
            uint high = 0;
            foreach (byte one in bytes.AsSpan(0, length))
            {
                low = (low + one) % 65521;
                high = (high + low) % 65521;
            }

            Assert.Equal((high << 16) | low, Adler32.Compute(bytes.AsSpan(0, length)));
        }
    }

    private static byte[]? Framework(byte[] packed, int length)
    {
        try
        {
            using var stream = new DeflateStream(new MemoryStream(packed, 2, packed.Length - 2), CompressionMode.Decompress);
            byte[] bytes = new byte[length + 1];
            return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == length ? bytes[..length] : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static byte[] Pack(byte[] data, CompressionLevel level)
    {
        var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, level, leaveOpen: true))
        {
            stream.Write(data);
        }

        return packed.ToArray();
    }

    private static IEnumerable<(string Name, byte[] Data)> Samples()
    {
        var random = new Random(3);
        byte[] noise = new byte[70_000];
        random.NextBytes(noise);
        byte[] skewed = new byte[4096];
        for (int i = 0; i < skewed.Length; i++)
        {
            // Frequencies of powers of two make the longest codes.
            skewed[i] = (byte)Math.Min(31, (int)-Math.Log2(random.NextDouble() + 1e-9));
        }

        byte[] far = new byte[120_000];
        noise.AsSpan(0, 5000).CopyTo(far);
        noise.AsSpan(0, 5000).CopyTo(far.AsSpan(30_000));
        noise.AsSpan(0, 300).CopyTo(far.AsSpan(119_000));
        yield return ("noise", noise);
        yield return ("skewed", skewed);
        yield return ("far", far);
        yield return ("zeros", new byte[4096]);
        yield return ("one", [7]);
        yield return ("text", Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Range(0, 5000).Select(i => (i * 7919 % 1000).ToString("x", CultureInfo.InvariantCulture)))));
        byte[] pages = RawDump.Pages(8);
        for (int page = 0; page < 8; page++)
        {
            yield return ($"page{page}", pages[(page * 4096)..((page + 1) * 4096)]);
        }
    }
}
