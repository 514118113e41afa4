using System.Runtime.CompilerServices;

namespace ElfMmu.Paging;

/// <summary>
/// The pages that a hashed page table maps, by virtual segment and page index: the second word of each one's PTE at its place. That
/// takes 256 KiB for each virtual segment that has any, and no sort.
/// </summary>
/// <remarks>
/// A page still costs about half as much again as in a tree of tables: a tree gives its leaves in the order of their addresses,
/// while here each is looked up by its segment, written to its place and read once more from there.
/// </remarks>
internal sealed class PowerPcPages
{
    private const int PagesPerSegment = 1 << 16;
    private const int BucketBits = 6;
    private const int Buckets = 1 << BucketBits;
    private const uint Multiplier = 0x9e37_79b1;
    private const uint NoSegment = uint.MaxValue;

    // Bits of the word that are reserved, which mark a place as taken, and as taken by an entry of the secondary group.
    private const uint Reserved = 7 << 9;
    private const uint Taken = 1 << 9;
    private const uint IsSecondary = 1 << 10;

    // A hash table of the numbers of the virtual segments, of which there are 16 at most.
    private readonly uint[] _vsids = new uint[Buckets];
    private readonly uint[]?[] _pages = new uint[Buckets][];

    /// <summary>Makes a place for the pages of some segments.</summary>
    public PowerPcPages(PowerPcSegment?[] segments)
    {
        Array.Fill(_vsids, NoSegment);
        foreach (PowerPcSegment? segment in segments)
        {
            if (segment is { IsPaged: true } paged)
            {
                _vsids[Bucket(paged.Vsid)] = paged.Vsid;
            }
        }
    }

    /// <summary>Whether a virtual segment is one of those wanted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Has(uint vsid, out int bucket)
    {
        bucket = Bucket(vsid);
        return _vsids[bucket] == vsid;
    }

    /// <summary>
    /// Adds a page. Entries of a group come in order: of several for one page the first counts, and one of the primary group before
    /// any of the secondary.
    /// </summary>
    /// <param name="bucket">What <see cref="Has"/> said.</param>
    /// <param name="pageIndex">The page's number in its segment.</param>
    /// <param name="pte">The second word of the entry.</param>
    /// <param name="isSecondary">Whether it is in the secondary group.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int bucket, uint pageIndex, uint pte, bool isSecondary)
    {
        uint[] pages = _pages[bucket] ??= new uint[PagesPerSegment];
        ref uint place = ref pages[pageIndex];
        if (place == 0 || (!isSecondary && (place & IsSecondary) != 0))
        {
            place = (pte & ~Reserved) | Taken | (isSecondary ? IsSecondary : 0);
        }
    }

    /// <summary>The second words of a segment's pages by page index, 0 where there is none; empty where there are none at all.</summary>
    public ReadOnlySpan<uint> Of(PowerPcSegment? segment) =>
        segment is { IsPaged: true } paged ? _pages[Bucket(paged.Vsid)] : default(ReadOnlySpan<uint>);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Bucket(uint vsid)
    {
        int bucket = (int)((vsid * Multiplier) >> (32 - BucketBits));
        while (_vsids[bucket] != vsid && _vsids[bucket] != NoSegment)
        {
            bucket = (bucket + 1) & (Buckets - 1);
        }

        return bucket;
    }
}
