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
    /// <param name="pages">The physical addresses of the pages, ascending.</param>
    /// <param name="size">The size of RAM in bytes.</param>
    /// <param name="alignment">A power of two that the base must be a multiple of, so that the table is found in the same place.</param>
    /// <returns>The base; null when there is none.</returns>
    public static ulong? Infer(ulong[] pages, ulong size, ulong alignment)
    {
        int best = 0;
        (ulong Lowest, ulong Highest) span = default;
        for (int first = 0, end = 0; first < pages.Length; first++)
        {
            while (end < pages.Length && pages[end] - pages[first] < size)
            {
                end++;
            }

            if (end - first > best)
            {
                best = end - first;
                span = (pages[first], pages[end - 1]);
            }
        }

        if (best == 0 || best < MostPages * pages.Length)
        {
            return null;
        }

        // From here on up to the lowest page each base has all of them inside.
        ulong minimum = span.Highest + 1 > size ? span.Highest + 1 - size : 0;
        for (ulong step = AddressLimit; step >= alignment; step >>= 1)
        {
            ulong candidate = (minimum + (step - 1)) & ~(step - 1);
            if (candidate <= span.Lowest && candidate < AddressLimit)
            {
                return candidate;
            }
        }

        return null;
    }
}
