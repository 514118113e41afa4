using System.Text.RegularExpressions;
using ElfMmu.Searching;

namespace ElfMmu.Tests.Searching;

/// <summary>The same as the engine's search, in a few lines that know nothing of borders: byte by byte in virtual memory.</summary>
internal static class NaiveSearch
{
    /// <summary>Whether some bytes are what is searched for.</summary>
    public delegate bool IsHere(ReadOnlySpan<byte> bytes);

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
        IReadOnlyList<(IsHere IsHere, int Length, ulong Alignment)> patterns,
        ulong first = 0,
        ulong last = ulong.MaxValue)
    {
        var hits = new List<Hit>();
        foreach (List<ulong> stretch in Stretches(pages))
        {
            byte[] bytes = [.. stretch.SelectMany(p => memory.Slice((int)pages[p], 4096).ToArray())];
            for (int at = 0; at < bytes.Length; at++)
            {
                ulong address = stretch[0] + (ulong)at;
                for (int i = 0; i < patterns.Count; i++)
                {
                    (IsHere isHere, int length, ulong alignment) = patterns[i];
                    if (address % alignment == 0
                        && at + length <= bytes.Length
                        && address >= first && address <= last && last - address >= (ulong)(length - 1)
                        && isHere(bytes.AsSpan(at, length)))
                    {
                        hits.Add(new Hit(pages[address & ~0xfffUL] + (address & 0xfff), address, i, length));
                    }
                }
            }
        }

        return [.. hits.OrderBy(h => h.Physical).ThenBy(h => h.Virtual).ThenBy(h => h.Pattern)];
    }

    /// <summary>
    /// The matches of an expression in a text, tried at each place by itself with as many bytes as a match may have; from the start on, without those that
    /// overlap the one before.
    /// </summary>
    public static List<(int At, int Length)> Matches(string text, string expression, int most)
    {
        string end = expression.StartsWith("(?x)", StringComparison.Ordinal) ? "\n" : "";
        var regex = new Regex($@"\G(?:{expression}{end})", RegexOptions.Compiled | RegexOptions.CultureInvariant);
        var matches = new List<(int At, int Length)>();
        for (int at = 0; at < text.Length;)
        {
            Regex.ValueMatchEnumerator found = regex.EnumerateMatches(text.AsSpan(0, Math.Min(text.Length, at + most)), at);
            int length = found.MoveNext() ? found.Current.Length : 0;
            if (length > 0)
            {
                matches.Add((at, length));
            }

            at += Math.Max(1, length);
        }

        return matches;
    }

    /// <summary>The pages that continue each other.</summary>
    public static List<List<ulong>> Stretches(IReadOnlyDictionary<ulong, ulong> pages)
    {
        var stretches = new List<List<ulong>>();
        foreach (ulong page in pages.Keys.Order())
        {
            if (stretches.Count == 0 || stretches[^1][^1] + 4096 != page)
            {
                stretches.Add([]);
            }

            stretches[^1].Add(page);
        }

        return stretches;
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
