using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ElfMmu.Tests.Discovery;

/// <summary>Bytes that are no page tables.</summary>
internal static class Noise
{
    private static readonly byte[] Words = Encoding.ASCII.GetBytes(
        "the quick brown fox jumps over the lazy dog 0123456789 /usr/lib/modules/kernel.ko __init_begin\n");

    /// <summary>Random bytes, zeros, text and small numbers, page by page.</summary>
    public static void Fill(Span<byte> image, Random random)
    {
        int kinds = random.Next(1, 5);
        for (int page = 0; page < image.Length; page += 4096)
        {
            Span<byte> bytes = image[page..Math.Min(page + 4096, image.Length)];
            switch (random.Next(kinds))
            {
                case 0:
                    random.NextBytes(bytes);
                    break;
                case 1:
                    bytes.Clear();
                    break;
                case 2:
                    for (int i = 0; i < bytes.Length; i++)
                    {
                        bytes[i] = Words[(page + i) % Words.Length];
                    }

                    break;
                default:
                    for (int i = 0; i + 4 <= bytes.Length; i += 4)
                    {
                        BinaryPrimitives.WriteInt32LittleEndian(bytes[i..], random.Next(1000));
                    }

                    break;
            }
        }
    }

    /// <summary>An array of numbers of 4 or 8 bytes.</summary>
    public static byte[] Numbers(int length, int size, Func<int, ulong> number)
    {
        byte[] image = new byte[length];
        for (int i = 0; i < length / size; i++)
        {
            if (size == 8)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(i * 8), number(i));
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(i * 4), (uint)number(i));
            }
        }

        return image;
    }

    /// <summary>Gradients and a shape: neighbours are alike, as in a frame buffer.</summary>
    public static byte[] Picture(int width, int height, int bytesPerPixel)
    {
        byte[] image = new byte[width * height * bytesPerPixel];
        for (int y = 0, i = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                bool inside = ((x - 1000) * (x - 1000)) + ((y - 1000) * (y - 1000)) < 500_000;
                for (int c = 0; c < bytesPerPixel; c++, i++)
                {
                    image[i] = c == 3 ? (byte)255 : inside ? (byte)(200 + c) : (byte)((x >> (3 + c)) + (y >> 4));
                }
            }
        }

        return image;
    }

    /// <summary>
    /// Encrypts an image as memory encryption does, in blocks of 16 bytes; with a tweak, which depends on the address, or without, so
    /// that equal blocks stay equal.
    /// </summary>
    public static void Encrypt(byte[] image, bool tweaked)
    {
        using Aes aes = Aes.Create();
        aes.Key = [.. Enumerable.Range(1, 16).Select(i => (byte)(i * 37))];
        byte[] tweaks = new byte[image.Length];
        if (tweaked)
        {
            for (int block = 0; block < image.Length; block += 16)
            {
                BinaryPrimitives.WriteInt32LittleEndian(tweaks.AsSpan(block), block);
            }

            tweaks = aes.EncryptEcb(tweaks, PaddingMode.None);
        }

        Mix(image, tweaks);
        aes.EncryptEcb(image, PaddingMode.None).CopyTo(image, 0);
        Mix(image, tweaks);
    }

    private static void Mix(byte[] image, byte[] with)
    {
        for (int i = 0; i < image.Length; i++)
        {
            image[i] ^= with[i];
        }
    }
}
