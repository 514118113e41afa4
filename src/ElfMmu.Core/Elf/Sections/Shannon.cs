namespace ElfMmu.Elf.Sections;

/// <summary>How much information there is in bytes.</summary>
internal static class Shannon
{
    /// <summary>The entropy of bytes, in bits per byte from 0 to 8. O(bytes).</summary>
    /// <param name="bytes">At least one byte.</param>
    public static double Entropy(ReadOnlySpan<byte> bytes)
    {
        // Four tables, for a run of equal bytes would wait for its own count again and again.
        int[] counts = new int[4 * 256];
        int i = 0;
        for (; i + 4 <= bytes.Length; i += 4)
        {
            counts[bytes[i]]++;
            counts[256 + bytes[i + 1]]++;
            counts[512 + bytes[i + 2]]++;
            counts[768 + bytes[i + 3]]++;
        }

        for (; i < bytes.Length; i++)
        {
            counts[bytes[i]]++;
        }

        double sum = 0;
        for (int value = 0; value < 256; value++)
        {
            long count = (long)counts[value] + counts[256 + value] + counts[512 + value] + counts[768 + value];
            if (count > 0)
            {
                double share = (double)count / bytes.Length;
                sum -= share * Math.Log2(share);
            }
        }

        // A single value gives -0.
        return Math.Round(sum, 6) + 0.0;
    }
}
