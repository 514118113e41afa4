using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.Tests.Support;

/// <summary>
/// Addresses of a space to ask others about, the same in every run. The mappings only say where it is worth asking; what stands
/// there is others' to say. That nothing is missed shows at addresses that others know, and at those with a bit or two changed.
/// </summary>
internal static class AddressSample
{
    public const int Count = 10_000;

    private const ulong Page = 4096;

    /// <summary>Distinct addresses in no order.</summary>
    /// <param name="map">The space.</param>
    /// <param name="known">Addresses at which others found something.</param>
    /// <param name="seed">What the choice hangs on.</param>
    /// <param name="askable">Which addresses the one who is asked can take; null for all.</param>
    public static ulong[] Of(SpaceMap map, IReadOnlyList<ulong> known, int seed, Func<ulong, bool>? askable = null)
    {
        var random = new Random(seed);
        Mapping[] all = map.Mappings.ToArray();
        Mapping[] elsewhere = [.. all.Where(m => m.Kind != RegionKind.Ram)];
        ulong mask = map.Space.Mode.WordSize == 32 ? uint.MaxValue : ulong.MaxValue;
        var sample = new HashSet<ulong>(Count);
        foreach (ulong edge in new ulong[] { 0, 1, mask, mask - 1, mask >> 1, (mask >> 1) + 1 })
        {
            Add(edge);
        }

        while (sample.Count < Count)
        {
            Mapping mapping = Any(all);
            int draw = random.Next(100);
            Add(mask & (draw switch
            {
                < 30 => Within(mapping),
                < 36 => mapping.VirtualAddress,
                < 42 => mapping.LastAddress,
                < 46 => mapping.VirtualAddress - 1 - Below(Page),
                < 50 => mapping.LastAddress + 1 + Below(Page),
                < 60 => Hole(random.Next(all.Length)),
                < 65 when elsewhere.Length > 0 => Within(Any(elsewhere)),
                < 75 when known.Count > 0 => known[random.Next(known.Count)] ^ Below(Page),
                < 90 => Within(mapping) ^ (1UL << random.Next(64)) ^ (random.Next(2) == 0 ? 0 : 1UL << random.Next(64)),
                _ => (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64),
            }));
        }

        return [.. sample];

        void Add(ulong address)
        {
            if (askable?.Invoke(address) != false)
            {
                sample.Add(address);
            }
        }

        Mapping Any(Mapping[] mappings) => mappings[random.Next(mappings.Length)];

        ulong Below(ulong limit) => (ulong)random.NextInt64((long)Math.Min(limit, long.MaxValue));

        ulong Within(Mapping mapping) => mapping.VirtualAddress + Below(mapping.Size);

        // Between a mapping and the next one; nothing where they touch.
        ulong Hole(int index)
        {
            ulong start = all[index].LastAddress + 1;
            ulong end = index + 1 < all.Length ? all[index + 1].VirtualAddress : mask;
            return end > start ? start + Below(end - start) : start;
        }
    }

    /// <summary>A number of a name's that stays the same from run to run.</summary>
    public static int Seed(string name) => name.Aggregate(17, (seed, letter) => unchecked((seed * 31) + letter)) & int.MaxValue;
}
