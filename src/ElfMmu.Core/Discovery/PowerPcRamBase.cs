namespace ElfMmu.Discovery;

/// <summary>Tells by the pages of a hash table where the RAM of a raw image was, when it can't have been at 0.</summary>
internal static class PowerPcRamBase
{
    private const ulong AddressLimit = 1UL << 32;
    private const double MostPages = 0.9;

    /// <summary>
    /// The base of RAM that has nearly all pages inside; of several that do, the one that is a multiple of the highest power of two.
    /// O(pages).
    /// </summary>
    /// <param name="frames">The numbers of the pages, ascending.</param>
    /// <param name="size">The size of RAM in bytes.</param>
    /// <param name="alignment">A power of two that the base must be a multiple of, so that the table is found in the same place.</param>
    /// <returns>The base; null when there is none.</returns>
    public static ulong? Infer(uint[] frames, ulong size, ulong alignment)
    {
        int best = 0;
        (ulong Lowest, ulong End) span = default;
        for (int first = 0, end = 0; first < frames.Length; first++)
        {
            while (end < frames.Length && (ulong)(frames[end] - frames[first] + 1) << PowerPcPteFormat.PageShift <= size)
            {
                end++;
            }

            if (end - first > best)
            {
                best = end - first;
                span = ((ulong)frames[first], (ulong)frames[end - 1] + 1);
            }
        }

        if (best == 0 || best < MostPages * frames.Length)
        {
            return null;
        }

        ulong lowest = span.Lowest << PowerPcPteFormat.PageShift;
        ulong highest = span.End << PowerPcPteFormat.PageShift;

        // From here on up to the lowest page each base has all of them inside.
        ulong minimum = highest > size ? highest - size : 0;
        for (ulong step = AddressLimit; step >= alignment; step >>= 1)
        {
            ulong candidate = (minimum + (step - 1)) & ~(step - 1);
            if (candidate <= lowest && candidate < AddressLimit)
            {
                return candidate;
            }
        }

        return null;
    }
}
