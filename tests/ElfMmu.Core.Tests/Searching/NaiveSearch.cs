using ElfMmu.Searching;

namespace ElfMmu.Tests.Searching;

/// <summary>The same as the engine's search, in a few lines that know nothing of borders: byte by byte in virtual memory.</summary>
internal static class NaiveSearch
{
    /// <summary>A hit in few words.</summary>
    public readonly record struct Hit(ulong Physical, ulong Virtual, int Pattern, int Length);

    /// <summary>Searches pages.</summary>
    /// <param name="pages">The frames of pages by their virtual addresses.</param>
    /// <param name="memory">Physical memory from address 0 on.</param>
    /// <param name="patterns">Whether a pattern stands at the start of some bytes, its length and alignment.</param>
    /// <param name="first">The first address.</param>
    /// <param name="last">The last address.</param>
    public static List<Hit> Find(
        IReadOnlyDictionary<ulong, ulong> pages,
        ReadOnlyMemory<byte> memory,
        IReadOnlyList<(Func<byte[], bool> IsHere, int Length, ulong Alignment)> patterns,
        ulong first = 0,
        ulong last = ulong.MaxValue)
    {
        var hits = new List<Hit>();
        foreach ((ulong page, ulong frame) in pages)
        {
            for (ulong within = 0; within < 4096; within++)
            {
                ulong address = page + within;
                for (int i = 0; i < patterns.Count; i++)
                {
                    (Func<byte[], bool> isHere, int length, ulong alignment) = patterns[i];
                    if (address % alignment == 0
                        && address >= first && address <= last && last - address >= (ulong)(length - 1)
                        && Read(pages, memory, address, length) is { } bytes && isHere(bytes))
                    {
                        hits.Add(new Hit(frame + within, address, i, length));
                    }
                }
            }
        }

        return [.. hits.OrderBy(h => h.Physical).ThenBy(h => h.Virtual).ThenBy(h => h.Pattern)];
    }

    /// <summary>The bytes at a virtual address; null when not all are there.</summary>
    public static byte[]? Read(IReadOnlyDictionary<ulong, ulong> pages, ReadOnlyMemory<byte> memory, ulong address, int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            ulong at = address + (ulong)i;
            if (at < address || !pages.TryGetValue(at & ~0xfffUL, out ulong frame))
            {
                return null;
            }

            bytes[i] = memory.Span[(int)(frame + (at & 0xfff))];
        }

        return bytes;
    }

    /// <summary>The engine's hits in the same words.</summary>
    public static List<Hit> Of(IEnumerable<SearchHit> hits, IReadOnlyList<SearchPattern> patterns) =>
        [.. hits.Select(h => new Hit(
            h.PhysicalAddress, h.VirtualAddress ?? h.PhysicalAddress, patterns.Index().First(p => p.Item.Name == h.Pattern).Index, h.Length))];
}
