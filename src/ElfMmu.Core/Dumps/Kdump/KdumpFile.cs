using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>One file of a kdump-compressed dump: its headers, checked against the file, and where everything is in it.</summary>
internal sealed class KdumpFile
{
    /// <summary>The size of a page's descriptor.</summary>
    public const int DescriptorSize = 24;

    private KdumpFile(DataSource source, KdumpHeader header, KdumpSubHeader subHeader)
    {
        Source = source;
        Header = header;
        SubHeader = subHeader;
        PageCount = CountPages(header, subHeader);
        ulong bits = header.BitmapSize * 8;

        // The first half says which pages are RAM, the second which of them are in the file; of an old diskdump there is only one.
        HasTwoBitmaps = PageCount <= bits / 2;
        FilledAt = HasTwoBitmaps ? header.BitmapAt + (header.BitmapSize / 2) : header.BitmapAt;
        FirstPage = subHeader.IsSplit ? Math.Min(subHeader.StartPage, PageCount) : 0;
        EndPage = subHeader.IsSplit ? Math.Min(subHeader.EndPage, PageCount) : PageCount;
    }

    /// <summary>The file.</summary>
    public DataSource Source { get; }

    /// <summary>Its main header.</summary>
    public KdumpHeader Header { get; }

    /// <summary>Its sub-header.</summary>
    public KdumpSubHeader SubHeader { get; }

    /// <summary>The number behind that of the machine's last page.</summary>
    public ulong PageCount { get; }

    /// <summary>Whether there is a bitmap of RAM too.</summary>
    public bool HasTwoBitmaps { get; }

    /// <summary>Where the bitmap of RAM is; there may be none.</summary>
    public ulong RamAt => Header.BitmapAt;

    /// <summary>Where the bitmap of the pages that were dumped is.</summary>
    public ulong FilledAt { get; }

    /// <summary>The number of the first page that may be in this file.</summary>
    public ulong FirstPage { get; }

    /// <summary>The number behind that of the last one.</summary>
    public ulong EndPage { get; }

    /// <summary>Reads the headers. O(1).</summary>
    /// <exception cref="ElfMmuException">
    /// <c>DumpInconsistent</c>: they contradict themselves in every layout there is; <c>DumpTruncated</c>: the file ends before its first page.
    /// </exception>
    public static KdumpFile Open(DataSource source)
    {
        byte[] head = new byte[KdumpHeader.Size];
        source.Read(0, head.AsSpan(0, (int)Math.Min((ulong)head.Length, source.Length)));
        KdumpFile? best = null;
        int bestScore = int.MinValue;
        foreach (KdumpLayout layout in KdumpLayout.All)
        {
            var header = new KdumpHeader(head, layout);
            if (!header.IsPlausible)
            {
                continue;
            }

            var subHeader = new KdumpSubHeader(ReadSubHeader(source, header), header);
            int score = Score(source, header, subHeader);
            if (CountPages(header, subHeader) <= header.BitmapSize * 8 && score > bestScore)
            {
                (best, bestScore) = (new KdumpFile(source, header, subHeader), score);
            }
        }

        if (best == null)
        {
            throw new ElfMmuException(
                "DumpInconsistent",
                ErrorKind.InvalidData,
                $"'{source.Name}' contradicts itself: no layout gives its kdump-compressed header a block size, a bitmap and a number of pages that fit each "
                + "other. The dump is damaged.")
            { Path = source.Name, Offset = 0 };
        }

        best.Check();
        return best;
    }

    /// <summary>The number behind that of the last page, as far as the header that knows best says it.</summary>
    private static ulong CountPages(KdumpHeader header, in KdumpSubHeader subHeader) => subHeader.PageCount > 0 ? subHeader.PageCount : header.PageCount;

    private static byte[] ReadSubHeader(DataSource source, KdumpHeader header)
    {
        byte[] bytes = new byte[KdumpSubHeader.Size];
        if (source.Length > header.SubHeaderAt)
        {
            source.Read(header.SubHeaderAt, bytes.AsSpan(0, (int)Math.Min((ulong)bytes.Length, source.Length - header.SubHeaderAt)));
        }

        return bytes;
    }

    /// <summary>How well the two headers agree in a layout: nothing in them says which one it is.</summary>
    private static int Score(DataSource source, KdumpHeader header, in KdumpSubHeader subHeader)
    {
        int score = 0;
        if (subHeader.PageCount > 0)
        {
            score += header.PageCount == Math.Min(subHeader.PageCount, uint.MaxValue) || header.PageCount == (uint)subHeader.PageCount ? 8 : -8;
        }

        score += Score(source, header, subHeader.VmcoreInfoAt, subHeader.VmcoreInfoSize) + Score(source, header, subHeader.NotesAt, subHeader.NotesSize)
            + Score(source, header, subHeader.EraseInfoAt, subHeader.EraseInfoSize);
        return score + (MachineNames.ParseWordSize(header.Machine) == header.Layout.WordSize ? 1 : 0);
    }

    private static int Score(DataSource source, KdumpHeader header, ulong offset, ulong size) =>
        size == 0 && offset == 0 ? 0 : size > 0 && offset >= header.SubHeaderAt && offset < source.Length && size <= source.Length - offset ? 2 : -2;

    private void Check()
    {
        if (PageCount > ulong.MaxValue / Header.BlockSize)
        {
            throw Inconsistent($"its {PageCount} pages of {Header.BlockSize} bytes would pass the end of the address space");
        }

        if (SubHeader.IsSplit && SubHeader.EndPage < SubHeader.StartPage)
        {
            throw Inconsistent($"it is a part of a split dump that ends at page {SubHeader.EndPage} before it begins at page {SubHeader.StartPage}");
        }

        // A part of a split dump may have no page; makedumpfile doesn't even write the end of its bitmap then.
        if (Header.DescriptorsAt > Source.Length && FirstPage < EndPage)
        {
            throw new ElfMmuException(
                "DumpTruncated",
                ErrorKind.InvalidData,
                $"'{Source.Name}' has {Source.Length} bytes, but the first page of this kdump-compressed dump is described at offset 0x{Header.DescriptorsAt:x}. "
                + "Nothing of its memory is left; fetch the whole file.")
            { Path = Source.Name, Offset = Header.DescriptorsAt };
        }
    }

    private ElfMmuException Inconsistent(string what) => new(
        "DumpInconsistent", ErrorKind.InvalidData, $"'{Source.Name}' contradicts itself: {what}. The dump is damaged.")
    { Path = Source.Name };
}
