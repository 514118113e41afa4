using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ElfMmu.Packing;

/// <summary>The checksum of zlib streams (RFC 1950, 8.2).</summary>
internal static class Adler32
{
    private const uint Modulus = 65521;

    // So many bytes can be summed up before the sums pass 32 bits.
    private const int Chunk = 5536;
    private const int Width = 32;

    /// <summary>The checksum of some bytes. O(bytes).</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        uint low = 1;
        uint high = 0;
        while (!bytes.IsEmpty)
        {
            int size = Math.Min(Chunk, bytes.Length);
            ReadOnlySpan<byte> chunk = bytes[..size];
            if (Avx2.IsSupported)
            {
                chunk = Wide(chunk, ref low, ref high);
            }

            foreach (byte one in chunk)
            {
                low += one;
                high += low;
            }

            low %= Modulus;
            high %= Modulus;
            bytes = bytes[size..];
        }

        return (high << 16) | low;
    }

    /// <summary>Does all that fills whole vectors, and gives back the rest.</summary>
    private static ReadOnlySpan<byte> Wide(ReadOnlySpan<byte> bytes, scoped ref uint low, scoped ref uint high)
    {
        Vector256<sbyte> weights = Vector256.Create(
            32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1);
        Vector256<uint> sum = default;
        Vector256<uint> sumsBefore = default;
        Vector256<uint> weighted = default;
        int vectors = bytes.Length / Width;
        for (int i = 0; i < vectors; i++)
        {
            Vector256<byte> part = Vector256.Create(bytes.Slice(i * Width, Width));
            sumsBefore += sum;
            sum += Avx2.SumAbsoluteDifferences(part, Vector256<byte>.Zero).AsUInt32();
            weighted += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(part, weights), Vector256.Create((short)1)).AsUInt32();
        }

        high += ((uint)(vectors * Width) * low) + (Vector256.Sum(sumsBefore) * Width) + Vector256.Sum(weighted);
        low += Vector256.Sum(sum);
        return bytes[(vectors * Width)..];
    }
}
