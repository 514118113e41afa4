namespace ElfMmu.Export;

/// <summary>Cuts segments around memory that can't be had.</summary>
internal static class SoundSegments
{
    /// <summary>What is left of segments. O(n log d + parts) for n segments and d stretches.</summary>
    /// <param name="segments">The segments, ascending by virtual address.</param>
    /// <param name="damaged">Stretches of physical addresses, ascending and disjoint.</param>
    public static CoreSegment[] Of(CoreSegment[] segments, IReadOnlyList<(ulong Start, ulong Size)> damaged)
    {
        var left = new List<CoreSegment>(segments.Length);
        foreach (CoreSegment segment in segments)
        {
            // Ends of ranges may be 2^64, so distances from the segment's start are compared.
            ulong done = 0;
            for (int i = FirstFrom(damaged, segment.PhysicalAddress); i < damaged.Count && done < segment.Size; i++)
            {
                (ulong start, ulong size) = damaged[i];
                ulong from = start <= segment.PhysicalAddress ? 0 : start - segment.PhysicalAddress;
                if (from >= segment.Size)
                {
                    break;
                }

                Keep(segment, done, from);
                done = start + (size - 1) - segment.PhysicalAddress + 1;
            }

            Keep(segment, done, segment.Size);
        }

        return [.. left];

        void Keep(in CoreSegment segment, ulong from, ulong to)
        {
            if (to > from)
            {
                left.Add(segment with
                {
                    VirtualAddress = segment.VirtualAddress + from,
                    PhysicalAddress = segment.PhysicalAddress + from,
                    Size = to - from,
                });
            }
        }
    }

    /// <summary>The first stretch that ends at an address or behind it.</summary>
    private static int FirstFrom(IReadOnlyList<(ulong Start, ulong Size)> stretches, ulong address)
    {
        int low = 0;
        for (int high = stretches.Count; low < high;)
        {
            int middle = (low + high) >>> 1;
            (low, high) = stretches[middle].Start + (stretches[middle].Size - 1) < address ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
