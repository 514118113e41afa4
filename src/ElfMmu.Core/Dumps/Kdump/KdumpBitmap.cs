using System.Buffers.Binary;
using System.Numerics;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// Stretches of pages out of a bitmap of a kdump-compressed file: one bit for each page, the lowest of a byte first. What would take more memory than
/// the file can justify is only counted.
/// </summary>
internal sealed class KdumpBitmap
{
    private const int ChunkSize = 1 << 16;

    private readonly List<KdumpStretch> _stretches = [];
    private readonly ulong _most;
    private ulong _start;
    private bool _isInside;

    private KdumpBitmap(ulong most) => _most = most;

    /// <summary>The stretches, ascending, of at most as many pages as were asked for.</summary>
    public IReadOnlyList<KdumpStretch> Stretches => _stretches;

    /// <summary>How many pages are in <see cref="Stretches"/>.</summary>
    public ulong Count { get; private set; }

    /// <summary>How many more pages there are.</summary>
    public ulong Lost { get; private set; }

    /// <summary>The number of the first of those.</summary>
    public ulong FirstLost { get; private set; }

    /// <summary>Reads a bitmap. O(bits / 64 + stretches).</summary>
    /// <param name="source">The file.</param>
    /// <param name="at">Where the bitmap is; its bytes are in the file.</param>
    /// <param name="first">The first page asked for.</param>
    /// <param name="end">The page behind the last one.</param>
    /// <param name="most">How many pages are wanted.</param>
    /// <param name="without">Where a bitmap of pages is that don't count; null for none.</param>
    public static KdumpBitmap Read(DataSource source, ulong at, ulong first, ulong end, ulong most, ulong? without = null)
    {
        var bitmap = new KdumpBitmap(most);
        if (first < end)
        {
            bitmap.Read(source, at, first, end, without);
        }

        return bitmap;
    }

    private void Read(DataSource source, ulong at, ulong first, ulong end, ulong? without)
    {
        byte[] chunk = new byte[ChunkSize];
        byte[] other = new byte[without == null ? 0 : ChunkSize];
        for (ulong page = first & ~63UL; page < end;)
        {
            int size = (int)Math.Min(ChunkSize, ((end - page) + 7) / 8);
            Read(source, at + (page / 8), chunk, size);
            ulong next = page + (ulong)size * 8;
            if (!_isInside && !chunk.AsSpan(0, size).ContainsAnyExcept((byte)0))
            {
                // A bitmap may claim more than anybody wants to read, in a file that is nothing but a hole.
                ulong holeEnd = source.IsHole(at + (page / 8), out ulong e) ? (Math.Min(e, at + (end / 8)) - at) * 8 & ~63UL : 0;
                page = Math.Max(next, holeEnd);
                continue;
            }

            if (without != null)
            {
                Read(source, without.Value + (page / 8), other, size);
            }

            for (int i = 0; i < size; i += 8)
            {
                ulong word = BinaryPrimitives.ReadUInt64LittleEndian(chunk.AsSpan(i));
                if (without != null)
                {
                    word &= ~BinaryPrimitives.ReadUInt64LittleEndian(other.AsSpan(i));
                }

                ulong here = page + ((ulong)i * 8);
                word &= here < first ? ulong.MaxValue << (int)(first - here) : ulong.MaxValue;
                word &= end - here < 64 ? ~(ulong.MaxValue << (int)(end - here)) : ulong.MaxValue;
                Add(word, here);
            }

            page = next;
        }

        if (_isInside)
        {
            Add(end);
        }
    }

    /// <summary>Takes 64 pages; mostly all of them are like those before.</summary>
    private void Add(ulong word, ulong here)
    {
        for (int bit = 0; bit < 64;)
        {
            ulong rest = (_isInside ? ~word : word) >> bit;
            if (rest == 0)
            {
                return;
            }

            bit += BitOperations.TrailingZeroCount(rest);
            if (_isInside)
            {
                Add(here + (ulong)bit);
            }

            (_start, _isInside) = (here + (ulong)bit, !_isInside);
        }
    }

    /// <summary>Takes the stretch that ends before a page.</summary>
    private void Add(ulong end)
    {
        ulong taken = Math.Min(end - _start, _most - Count);
        if (taken > 0)
        {
            _stretches.Add(new KdumpStretch(_start, taken));
            Count += taken;
        }

        if (end - _start > taken)
        {
            FirstLost = Lost == 0 ? _start + taken : FirstLost;
            Lost += end - _start - taken;
        }
    }

    private static void Read(DataSource source, ulong at, byte[] chunk, int size)
    {
        // The last word may reach behind what is read.
        chunk.AsSpan(size & ~7, Math.Min(8, chunk.Length - (size & ~7))).Clear();
        source.Read(at, chunk.AsSpan(0, size));
    }
}
