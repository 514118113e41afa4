using ElfMmu.Dumps;
using ElfMmu.Memory;

namespace ElfMmu.Images;

/// <summary>
/// The physical pages of a dump that start as an executable does. What was looked at is remembered for as long as the dump is open:
/// spaces share most of their pages. One bit for each page of the dump. Safe to use from several threads.
/// </summary>
internal sealed class ImageHeads
{
    /// <summary>The distance in bytes at which headers are looked for, whatever the size of a space's pages.</summary>
    public const ulong PageSize = 4096;

    private const int HeadSize = 16;

    // Taken for a whole pass over a dump: who waits for it must be able to give up.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly PhysicalMemory _memory;
    private readonly ulong[] _looked;
    private readonly List<ImageHead> _heads = [];
    private ImageHead[] _sorted = [];

    internal ImageHeads(PhysicalMemory memory)
    {
        _memory = memory;
        _looked = new ulong[(_memory.PageCount / 64) + 1];
    }

    /// <summary>The heads of a dump.</summary>
    public static ImageHeads Of(MemoryDump dump) => dump.Attached(static d => new ImageHeads(d.Memory));

    /// <summary>
    /// Looks at the pages of physical ranges that weren't looked at before, each once. O(pages), and O(n log n) for all n heads where some
    /// are new. Who asks meanwhile waits, and can be cancelled.
    /// </summary>
    /// <param name="extents">The ranges, disjoint and all of them in the dump.</param>
    /// <param name="cancellation">Ends it, and the waiting.</param>
    /// <returns>All heads found so far, ascending by address; also those in other ranges. Not to be changed.</returns>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>; the page is looked at again by who asks next.</exception>
    public ImageHead[] Look(IEnumerable<(ulong Start, ulong Size)> extents, CancellationToken cancellation)
    {
        _turn.Wait(cancellation);
        try
        {
            int hint = 0;
            foreach ((ulong start, ulong size) in extents)
            {
                cancellation.ThrowIfCancellationRequested();
                Look(start, size, ref hint, cancellation);
            }

            // Most spaces have nothing that others before them don't.
            if (_sorted.Length != _heads.Count)
            {
                _heads.Sort(static (a, b) => a.PhysicalAddress.CompareTo(b.PhysicalAddress));
                _sorted = [.. _heads];
            }

            return _sorted;
        }
        finally
        {
            _turn.Release();
        }
    }

    private unsafe void Look(ulong start, ulong size, ref int hint, CancellationToken cancellation)
    {
        const ulong PagesAtOnce = 1 << 16;
        byte* buffer = stackalloc byte[HeadSize];
        ulong skipped = (PageSize - (start % PageSize)) % PageSize;
        for (ulong done = skipped; done < size; done += PageSize)
        {
            if (done / PageSize % PagesAtOnce == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            ulong address = start + done;
            if (!_memory.TryFind(address, ref hint))
            {
                continue;
            }

            ulong index = _memory.PageIndex(address, hint);
            ref ulong word = ref _looked[index / 64];
            ulong bit = 1UL << (int)(index % 64);
            if ((word & bit) != 0)
            {
                continue;
            }

            // Only what could be read was looked at.
            byte* head = _memory.Fetch(address, HeadSize, buffer, ref hint);
            word |= bit;
            if (head != null && Kind(new ReadOnlySpan<byte>(head, HeadSize)) is { } kind)
            {
                _heads.Add(new ImageHead(address, kind));
            }
        }
    }

    /// <summary>
    /// What a page's first bytes may be the start of: e_ident with a class, a byte order and a version there are (gABI, "ELF
    /// Identification"), or the MS-DOS stub that every PE image starts with (PE format, "MS-DOS Stub").
    /// </summary>
    private static ImageKind? Kind(ReadOnlySpan<byte> head) =>
        head.StartsWith("\x7f"u8) && head[1..].StartsWith("ELF"u8) && head[4] is 1 or 2 && head[5] is 1 or 2 && head[6] == 1
            ? ImageKind.Elf
            : head.StartsWith("MZ"u8) ? ImageKind.Pe : null;
}
