using System.Buffers.Binary;
using System.IO.Compression;

namespace ElfMmu.Tests.Support;

/// <summary>A picture of pixels, as browsers make them: 8 bits a channel, not interlaced.</summary>
internal sealed class Png
{
    private readonly byte[] _pixels;
    private readonly int _channels;

    private Png(int width, int height, int channels, byte[] pixels) =>
        (Width, Height, _channels, _pixels) = (width, height, channels, pixels);

    public int Width { get; }

    public int Height { get; }

    /// <summary>The colour of a pixel as 0xRRGGBB.</summary>
    public int this[int x, int y]
    {
        get
        {
            ReadOnlySpan<byte> pixel = _pixels.AsSpan(((y * Width) + x) * _channels);
            return (pixel[0] << 16) | (pixel[1] << 8) | pixel[2];
        }
    }

    public static Png Load(string path)
    {
        ReadOnlySpan<byte> file = File.ReadAllBytes(path);
        Assert(file.StartsWith<byte>([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
        var packed = new MemoryStream();
        (int width, int height, int channels) = (0, 0, 0);
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file[at..]);
            ReadOnlySpan<byte> data = file.Slice(at + 8, length);
            if (file.Slice(at + 4, 4).SequenceEqual("IHDR"u8))
            {
                width = BinaryPrimitives.ReadInt32BigEndian(data);
                height = BinaryPrimitives.ReadInt32BigEndian(data[4..]);
                channels = data[9] switch { 2 => 3, 6 => 4, _ => 0 };
                Assert(channels > 0 && data[8] == 8 && data[12] == 0);
            }
            else if (file.Slice(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                packed.Write(data);
            }

            at += length + 12;
        }

        packed.Position = 0;
        using var lines = new ZLibStream(packed, CompressionMode.Decompress);
        int stride = width * channels;
        byte[] pixels = new byte[stride * height];
        byte[] line = new byte[stride + 1];
        for (int y = 0; y < height; y++)
        {
            lines.ReadExactly(line);
            Span<byte> above = y == 0 ? new byte[stride] : pixels.AsSpan((y - 1) * stride, stride);
            Unfilter(line[0], line.AsSpan(1), above, pixels.AsSpan(y * stride, stride), channels);
        }

        return new Png(width, height, channels, pixels);
    }

    private static void Unfilter(byte filter, ReadOnlySpan<byte> line, ReadOnlySpan<byte> above, Span<byte> result, int channels)
    {
        for (int i = 0; i < line.Length; i++)
        {
            int left = i < channels ? 0 : result[i - channels];
            int corner = i < channels ? 0 : above[i - channels];
            result[i] = (byte)(line[i] + filter switch
            {
                0 => 0,
                1 => left,
                2 => above[i],
                3 => (left + above[i]) / 2,
                4 => Paeth(left, above[i], corner),
                _ => throw new InvalidDataException($"There is no filter {filter}."),
            });
        }
    }

    private static int Paeth(int left, int above, int corner)
    {
        int guess = left + above - corner;
        (int a, int b, int c) = (Math.Abs(guess - left), Math.Abs(guess - above), Math.Abs(guess - corner));
        return a <= b && a <= c ? left : b <= c ? above : corner;
    }

    private static void Assert(bool holds)
    {
        if (!holds)
        {
            throw new InvalidDataException("This isn't a PNG of the kind that browsers make.");
        }
    }
}
