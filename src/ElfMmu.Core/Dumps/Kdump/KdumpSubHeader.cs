namespace ElfMmu.Dumps;

/// <summary>The sub-header of a kdump-compressed file (makedumpfile, struct kdump_sub_header); what its version doesn't have is 0.</summary>
internal readonly struct KdumpSubHeader
{
    /// <summary>The largest one in bytes.</summary>
    public const int Size = 104;

    /// <summary>Takes the numbers.</summary>
    public KdumpSubHeader(ReadOnlySpan<byte> bytes, KdumpHeader header)
    {
        if (!header.IsKdump)
        {
            return;
        }

        KdumpLayout layout = header.Layout;
        var fields = new KdumpFields(bytes, layout.IsBigEndian);
        int word = layout.WordSize / 8;
        PhysicalBase = fields.Native(0, layout.WordSize);
        int at = word;
        DumpLevel = header.Version >= 1 ? fields.Word(at) : 0;
        at += 4;
        IsSplit = header.Version >= 2 && fields.Word(at) != 0;
        at += 4;
        StartPage = header.Version >= 2 ? fields.Native(at, layout.WordSize) : 0;
        EndPage = header.Version >= 2 ? fields.Native(at + word, layout.WordSize) : 0;
        at += 2 * word;
        (VmcoreInfoAt, VmcoreInfoSize) = header.Version >= 3 ? Part(fields, layout, ref at) : default;
        (NotesAt, NotesSize) = header.Version >= 4 ? Part(fields, layout, ref at) : default;
        (EraseInfoAt, EraseInfoSize) = header.Version >= 5 ? Part(fields, layout, ref at) : default;
        if (header.Version >= 6)
        {
            at = Aligned(layout, at);
            StartPage = fields.Long(at);
            EndPage = fields.Long(at + 8);
            PageCount = fields.Long(at + 16);
        }
    }

    /// <summary>Where the kernel's image was loaded.</summary>
    public ulong PhysicalBase { get; }

    /// <summary>Which kinds of pages were left out: 1 zeros, 2 and 4 cache, 8 user memory, 16 free pages.</summary>
    public uint DumpLevel { get; }

    /// <summary>Whether all that was left out are pages of zeros.</summary>
    public bool LeavesOnlyZerosOut => DumpLevel == 1;

    /// <summary>Whether the pages are dealt out to several files.</summary>
    public bool IsSplit { get; }

    /// <summary>Of a split dump, the number of the first page that may be in the file.</summary>
    public ulong StartPage { get; }

    /// <summary>Of a split dump, the number behind that of the last one.</summary>
    public ulong EndPage { get; }

    /// <summary>Where the VMCOREINFO text is.</summary>
    public ulong VmcoreInfoAt { get; }

    /// <summary>Its size in bytes.</summary>
    public ulong VmcoreInfoSize { get; }

    /// <summary>Where the notes are, as ELF cores have them.</summary>
    public ulong NotesAt { get; }

    /// <summary>Their size in bytes.</summary>
    public ulong NotesSize { get; }

    /// <summary>Where it stands what was erased.</summary>
    public ulong EraseInfoAt { get; }

    /// <summary>The size of that in bytes.</summary>
    public ulong EraseInfoSize { get; }

    /// <summary>The number behind that of the last page; 0 where only the main header says it.</summary>
    public ulong PageCount { get; }

    private static (ulong Offset, ulong Size) Part(KdumpFields fields, KdumpLayout layout, ref int at)
    {
        at = Aligned(layout, at);
        (ulong Offset, ulong Size) part = (fields.Long(at), fields.Native(at + 8, layout.WordSize));
        at += 8 + (layout.WordSize / 8);
        return part;
    }

    private static int Aligned(KdumpLayout layout, int at) => layout.IsPadded ? (at + 7) & ~7 : at;
}
