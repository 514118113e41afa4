using System.Text;
using ElfMmu.Packing;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Packing;

/// <summary>What liblzo compresses, by lzop and by Python, and what is no LZO.</summary>
public sealed class LzoTests
{
    [ToolTheory("lzo")]
    [InlineData(1)]
    [InlineData(9)]
    public void What_was_compressed_comes_out(int level)
    {
        const string Script = """
            import sys
            import lzo
            data = open(sys.argv[1], 'rb').read()
            open(sys.argv[2], 'wb').write(lzo.compress(data, int(sys.argv[3]), False))
            """;
        using var folder = new TempFolder();
        foreach ((string name, byte[] data) in Samples())
        {
            string path = folder.Write(name, data);
            ToolResult made = Tools.Run(Tools.LzoPython!, "-c", Script, path, path + ".lzo", level.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Assert.True(made.ExitCode == 0, made.Errors);
            byte[] packed = File.ReadAllBytes(path + ".lzo");
            byte[] bytes = new byte[data.Length];
            Assert.Equal(data.Length, LzoDecoder.Decode(packed, bytes));
            Assert.True(data.AsSpan().SequenceEqual(bytes), name);
            Assert.Equal(-1, LzoDecoder.Decode(packed, new byte[data.Length - 1]));
            Assert.Equal(data.Length, LzoDecoder.Decode(packed, new byte[data.Length + 9]));
            Assert.Equal(-1, LzoDecoder.Decode(packed.AsSpan(0, packed.Length - 1), bytes));
        }
    }

    [Theory]
    [InlineData("110000", "")]
    [InlineData("1548656c6c110000", "Hell")]
    [InlineData("12613c00001100", null)]
    [InlineData("126120010000110000", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("1261200c00110000", null)]
    [InlineData("1161", null)]
    [InlineData("", null)]
    [InlineData("11000000", null)]
    public void Vectors(string packed, string? text)
    {
        byte[] bytes = new byte[64];
        int size = LzoDecoder.Decode(Convert.FromHexString(packed), bytes);
        Assert.Equal(text, size < 0 ? null : Encoding.ASCII.GetString(bytes, 0, size));
    }

    [Fact]
    public void Noise_neither_crashes_nor_writes_behind_the_end()
    {
        var random = new Random(11);
        byte[] packed = new byte[300];
        byte[] bytes = new byte[1024 + 64];
        int sound = 0;
        for (int i = 0; i < 200_000; i++)
        {
            random.NextBytes(packed);
            int size = random.Next(1, 1024);
            bytes.AsSpan(size).Fill(0xa5);
            int came = LzoDecoder.Decode(packed.AsSpan(0, random.Next(1, 300)), bytes.AsSpan(0, size));
            Assert.InRange(came, -1, size);
            sound += came >= 0 ? 1 : 0;
            Assert.False(bytes.AsSpan(size).ContainsAnyExcept((byte)0xa5));
        }

        Assert.InRange(sound, 0, 1000);
    }

    private static IEnumerable<(string Name, byte[] Data)> Samples()
    {
        var random = new Random(3);
        byte[] noise = new byte[70_000];
        random.NextBytes(noise);
        byte[] few = new byte[4096];
        for (int i = 0; i < few.Length; i++)
        {
            few[i] = (byte)random.Next(3);
        }

        byte[] far = new byte[120_000];
        noise.AsSpan(0, 5000).CopyTo(far);
        noise.AsSpan(0, 5000).CopyTo(far.AsSpan(40_000));
        noise.AsSpan(0, 5000).CopyTo(far.AsSpan(90_000));
        yield return ("noise", noise);
        yield return ("few", few);
        yield return ("far", far);
        yield return ("zeros", new byte[4096]);
        yield return ("one", [7]);
        yield return ("text", Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Range(0, 5000).Select(i => $"line {i % 97} of {i / 97}"))));
        foreach (int page in Enumerable.Range(0, 8))
        {
            yield return ($"page{page}", RawDump.Pages(8)[(page * 4096)..((page + 1) * 4096)]);
        }
    }
}
