using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>The pages that one file of a kdump-compressed dump has, as runs of physical memory, and those it should have.</summary>
internal sealed class KdumpPart
{
    // How many pages are looked at before somebody who cancels is asked for.
    private const ulong CancelMask = 0xffff;

    // How far back the last page that isn't zeros is looked for; all those share a place at the start.
    private const ulong MostLookBack = 1 << 20;

    private readonly KdumpFile _file;
    private readonly ulong _pageSize;
    private readonly bool _zeroFill;

    /// <summary>Finds out what is there. O(bitmap), and O(pages) in a file that is cut off.</summary>
    /// <exception cref="ElfMmuException"><c>DumpTooManyRuns</c>.</exception>
    public KdumpPart(KdumpFile file, DumpOpening opening)
    {
        _file = file;
        _zeroFill = opening.ZeroFill;
        _pageSize = file.Header.BlockSize;
        ulong room = file.Source.Length < file.Header.DescriptorsAt ? 0 : (file.Source.Length - file.Header.DescriptorsAt) / KdumpFile.DescriptorSize;
        var bitmap = new PageBitmap(file.Source, file.FilledAt, without: null, opening.Cancellation);
        PageStretches filled = bitmap.Read(file.FirstPage, file.EndPage, room);
        Pages = new KdumpPages(file, filled.Count, _zeroFill);
        AddRuns(filled, opening.Cancellation);
        if (filled.Lost > 0)
        {
            FirstLost = Lost == 0 ? filled.FirstLost : FirstLost;
            Lost += filled.Lost;
            LostStretches.AddRange(_zeroFill ? bitmap.Read(filled.FirstLost, file.EndPage).List : []);
        }

        if (file.HasTwoBitmaps)
        {
            var leftOut = new PageBitmap(file.Source, file.RamAt, file.FilledAt, opening.Cancellation);
            LeftOutCount = leftOut.Count(file.FirstPage, file.EndPage);
            LeftOut = _zeroFill || file.SubHeader.LeavesOnlyZerosOut ? leftOut.Read(file.FirstPage, file.EndPage).List : [];
        }
    }

    /// <summary>The source of the pages, which has the file.</summary>
    public KdumpPages Pages { get; }

    /// <summary>The runs of physical memory.</summary>
    public List<PhysicalRun> Runs { get; } = [];

    /// <summary>The number of the first page that may be in it.</summary>
    public ulong FirstPage => _file.FirstPage;

    /// <summary>The number behind that of the last one.</summary>
    public ulong EndPage => _file.EndPage;

    /// <summary>The length of the file in bytes.</summary>
    public ulong FileLength => _file.Source.Length;

    /// <summary>How many pages should be in the file and aren't.</summary>
    public ulong Lost { get; private set; }

    /// <summary>The number of the first of those.</summary>
    public ulong FirstLost { get; private set; }

    /// <summary>How many pages of RAM were left out on purpose; null where it isn't said.</summary>
    public ulong? LeftOutCount { get; }

    /// <summary>Those pages as stretches, where they are read as zeros.</summary>
    public IReadOnlyList<PageStretch> LeftOut { get; } = [];

    /// <summary>The pages lost as stretches, where they are read as zeros.</summary>
    public List<PageStretch> LostStretches { get; } = [];

    private void AddRuns(PageStretches filled, CancellationToken cancellation)
    {
        bool isCut = filled.Count > 0 && (filled.Lost > 0 || _file.Header.IsIncomplete || IsCut(filled.Count));
        ulong rank = 0;
        foreach (PageStretch stretch in filled.List)
        {
            if (isCut)
            {
                AddSound(stretch, rank, cancellation);
            }
            else
            {
                AddRun(stretch, rank);
            }

            rank += stretch.Count;
        }
    }

    private void AddLost(PageStretch lost)
    {
        FirstLost = Lost == 0 ? lost.First : FirstLost;
        Lost += lost.Count;
        if (_zeroFill)
        {
            RunLimit.Check(LostStretches.Count, _file.Source.Name);
            LostStretches.Add(lost);
        }
    }

    private void AddRun(PageStretch stretch, ulong rank)
    {
        RunLimit.Check(Runs.Count, _file.Source.Name);
        Runs.Add(new PhysicalRun(stretch.First * _pageSize, stretch.Count * _pageSize, Pages, rank * _pageSize));
    }

    /// <summary>Whether the bytes of the last page, or of the last but those that share its place, aren't in the file.</summary>
    private bool IsCut(ulong count)
    {
        KdumpDescriptor last = Pages.Descriptor(count - 1);
        KdumpDescriptor other = last;
        for (ulong i = 2; i <= Math.Min(count, MostLookBack) && other.Offset == last.Offset; i++)
        {
            other = Pages.Descriptor(count - i);
        }

        ulong length = _file.Source.Length;
        return !last.IsInside(length) || !other.IsInside(length);
    }

    /// <summary>Adds the pages of a stretch whose bytes are in the file.</summary>
    private void AddSound(PageStretch stretch, ulong rank, CancellationToken cancellation)
    {
        ulong length = _file.Source.Length;
        for (ulong done = 0; done < stretch.Count;)
        {
            ulong from = done;
            bool isThere = Pages.Descriptor(rank + from).IsInside(length);
            do
            {
                done++;
                if (((rank + done) & CancelMask) == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                }
            }
            while (done < stretch.Count && Pages.Descriptor(rank + done).IsInside(length) == isThere);

            var part = new PageStretch(stretch.First + from, done - from);
            if (isThere)
            {
                AddRun(part, rank + from);
                continue;
            }

            AddLost(part);
        }
    }
}
