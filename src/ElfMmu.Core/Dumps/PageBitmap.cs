using System.Numerics;
using System.Runtime.InteropServices;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>A bitmap of pages in a file: one bit for each page from 0 on, the lowest of a byte first. Holes of the file are passed over.</summary>
/// <param name="source">The file.</param>
/// <param name="at">Where the bitmap is; the bytes asked for are in the file.</param>
/// <param name="without">Where a bitmap of pages is that don't count; null for none.</param>
/// <param name="cancellation">Ends it.</param>
internal sealed class PageBitmap(DataSource source, ulong at, ulong? without, CancellationToken cancellation)
{
    private const int ChunkWords = 1 << 13;

    /// <summary>Counts pages. O(bits / 64).</summary>
    /// <param name="first">The first page asked for.</param>
    /// <param name="end">The page behind the last one.</param>
    public ulong Count(ulong first, ulong end)
    {
        ulong count = 0;
        ulong[] words = new ulong[ChunkWords];
        foreach ((_, int size) in Chunks(first, end, words))
        {
            foreach (ulong word in words.AsSpan(0, size))
            {
                count += (ulong)BitOperations.PopCount(word);
            }
        }

        return count;
    }

    /// <summary>Makes stretches of the pages. O(bits / 64 + stretches).</summary>
    /// <param name="first">The first page asked for.</param>
    /// <param name="end">The page behind the last one.</param>
    /// <param name="most">How many pages are wanted; the rest is only counted.</param>
    /// <exception cref="ElfMmuException"><c>DumpTooManyRuns</c>.</exception>
    public PageStretches Read(ulong first, ulong end, ulong most = ulong.MaxValue)
    {
        var stretches = new PageStretches(source.Name, most);
        ulong[] words = new ulong[ChunkWords];
        foreach ((ulong page, int size) in Chunks(first, end, words))
        {
            stretches.Add(page, words.AsSpan(0, size));
        }

        stretches.Finish();
        return stretches;
    }

    /// <summary>The pages at which chunks begin that are no holes, and how many words they have.</summary>
    private IEnumerable<(ulong Page, int Size)> Chunks(ulong first, ulong end, ulong[] words)
    {
        ulong[] other = new ulong[without == null ? 0 : words.Length];
        ulong known = 0;
        for (ulong page = first & ~63UL; page < end;)
        {
            cancellation.ThrowIfCancellationRequested();
            ulong from = at + (page / 8);
            if (from >= known && source.IsHole(from, out known) && ((known - at) * 8 & ~63UL) is var behind && behind > page)
            {
                page = behind;
                continue;
            }

            int size = (int)Math.Min((ulong)words.Length, (end - page + 63) / 64);
            Read(from, words, size, end - page);
            if (without != null && words.AsSpan(0, size).ContainsAnyExcept(0UL))
            {
                Read(without.Value + (page / 8), other, size, end - page);
                for (int i = 0; i < size; i++)
                {
                    words[i] &= ~other[i];
                }
            }

            if (page < first)
            {
                words[0] &= ulong.MaxValue << (int)(first - page);
            }

            yield return (page, size);
            page += (ulong)size * 64;
        }
    }

    /// <summary>Reads words, the last of which may end where the bitmap does.</summary>
    private void Read(ulong from, ulong[] words, int size, ulong bits)
    {
        words[size - 1] = 0;
        source.Read(from, MemoryMarshal.AsBytes(words.AsSpan(0, size))[..(int)Math.Min((ulong)size * 8, (bits + 7) / 8)]);
        ulong behind = ((ulong)size * 64) - Math.Min(bits, (ulong)size * 64);
        words[size - 1] &= ulong.MaxValue >> (int)behind;
    }
}
