using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>The pages that one file of a kdump-compressed dump has, as runs of physical memory, and those it should have.</summary>
internal sealed class KdumpPart
{
    // A dump of this many pages that are left out one by one is nothing that anybody would zero-fill.
    private const ulong MostFilled = 1UL << 40;

    // How far back the last page that isn't zeros is looked for; all those share a place at the start.
    private const ulong MostLookBack = 1 << 20;

    private readonly KdumpFile _file;
    private readonly ulong _pageSize;

    /// <summary>Finds out what is there. O(bitmap), and O(pages) in a file that is cut off.</summary>
    public KdumpPart(KdumpFile file, bool zeroFill)
    {
        _file = file;
        _pageSize = file.Header.BlockSize;
        ulong room = file.Source.Length < file.Header.DescriptorsAt ? 0 : (file.Source.Length - file.Header.DescriptorsAt) / KdumpFile.DescriptorSize;
        KdumpBitmap filled = KdumpBitmap.Read(file.Source, file.FilledAt, file.FirstPage, file.EndPage, room);
        Pages = new KdumpPages(file, filled.Count, zeroFill);
        AddRuns(filled);
        if (filled.Lost > 0)
        {
            Add(KdumpBitmap.Read(file.Source, file.FilledAt, filled.FirstLost, file.EndPage, MostFilled).Stretches);
        }

        if (file.HasTwoBitmaps)
        {
            LeftOut = KdumpBitmap.Read(file.Source, file.RamAt, file.FirstPage, file.EndPage, MostFilled, file.FilledAt);
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

    /// <summary>The pages of RAM that were left out on purpose; null where it isn't said.</summary>
    public KdumpBitmap? LeftOut { get; }

    /// <summary>The pages lost as stretches.</summary>
    public List<KdumpStretch> LostStretches { get; } = [];

    private void AddRuns(KdumpBitmap filled)
    {
        bool isCut = filled.Count > 0 && (filled.Lost > 0 || _file.Header.IsIncomplete || IsCut(filled.Count));
        ulong rank = 0;
        foreach (KdumpStretch stretch in filled.Stretches)
        {
            if (isCut)
            {
                AddSound(stretch, rank);
            }
            else
            {
                AddRun(stretch, rank);
            }

            rank += stretch.Count;
        }
    }

    private void Add(IEnumerable<KdumpStretch> lost)
    {
        foreach (KdumpStretch stretch in lost)
        {
            FirstLost = Lost == 0 ? stretch.First : FirstLost;
            LostStretches.Add(stretch);
            Lost += stretch.Count;
        }
    }

    private void AddRun(KdumpStretch stretch, ulong rank) =>
        Runs.Add(new PhysicalRun(stretch.First * _pageSize, stretch.Count * _pageSize, Pages, rank * _pageSize));

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
    private void AddSound(KdumpStretch stretch, ulong rank)
    {
        ulong length = _file.Source.Length;
        for (ulong done = 0; done < stretch.Count;)
        {
            ulong from = done;
            bool isThere = Pages.Descriptor(rank + from).IsInside(length);
            do
            {
                done++;
            }
            while (done < stretch.Count && Pages.Descriptor(rank + done).IsInside(length) == isThere);

            var part = new KdumpStretch(stretch.First + from, done - from);
            if (isThere)
            {
                AddRun(part, rank + from);
                continue;
            }

            Add([part]);
        }
    }
}
