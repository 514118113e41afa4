using ElfMmu.Elf;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// Kdump-compressed dumps, as makedumpfile and QEMU write them, in one file or several: pages compressed one by one, with a descriptor for each and
/// bitmaps that say which ones there are.
/// </summary>
internal sealed class KdumpReader : IDumpReader
{
    private static readonly (uint Bit, string What)[] Levels =
        [(1, "zeros"), (2, "cache"), (4, "private cache"), (8, "memory of processes"), (16, "free pages")];

    public bool Matches(ReadOnlySpan<byte> head, string path) => KdumpHeader.Matches(head);

    public DumpContent Read(DataSource source, DumpOpening opening)
    {
        KdumpFile file = KdumpFile.Open(source);
        var remarks = new List<string>();
        List<KdumpFile> files = file.SubHeader.IsSplit ? KdumpSiblings.Find(file, opening.Path, remarks) : [file];
        var runs = new List<PhysicalRun>();
        try
        {
            KdumpPart[] parts = [.. files.Select(f => new KdumpPart(f, opening))];
            runs.AddRange(parts.SelectMany(p => p.Runs));
            DumpContent content = Content(file, parts, runs, opening);
            content.Remarks.AddRange(remarks);
            foreach (KdumpPart part in parts.Where(p => p.Runs.Count == 0))
            {
                part.Pages.Dispose();
            }

            return content;
        }
        catch
        {
            files.ForEach(f => f.Source.Dispose());
            throw;
        }
    }

    private static DumpContent Content(KdumpFile file, KdumpPart[] parts, List<PhysicalRun> runs, DumpOpening opening)
    {
        KdumpHeader header = file.Header;
        ulong pages = runs.Aggregate(0UL, (sum, r) => sum + r.Size) / header.BlockSize;
        if (pages == 0)
        {
            bool isCut = parts.Any(p => p.Lost > 0);
            throw new ElfMmuException(
                isCut ? "DumpTruncated" : "NotAMemoryDump",
                ErrorKind.InvalidData,
                isCut
                    ? $"'{file.Source.Name}' is cut off before the first page of its memory; fetch the whole file."
                    : $"'{file.Source.Name}' is a kdump-compressed dump without a single page. Give one that holds memory.")
            { Path = file.Source.Name };
        }

        var warnings = new List<string>();
        var notes = KdumpNotes.Read(file, warnings);
        DumpFacts facts = KdumpFacts.Of(file, parts, notes.VmcoreInfo);
        runs.AddRange(Zeros(file, parts, opening, warnings, out ulong withoutFile));
        var content = new DumpContent
        {
            Container = header.IsKdump ? parts.Length > 1 ? "kdump-compressed dump in several files" : "kdump-compressed dump" : "diskdump",
            Runs = runs,
            Machine = KdumpNotes.MachineOf(header, notes),
            VmcoreInfo = notes.VmcoreInfo,
            MissingSize = (parts.Aggregate(0UL, (sum, p) => sum + p.Lost) + withoutFile) * header.BlockSize,
            LeftOutSize = file.SubHeader.LeavesOnlyZerosOut ? 0 : parts.Aggregate(0UL, (sum, p) => sum + (p.LeftOutCount ?? 0)) * header.BlockSize,
            Facts = facts,
            Files = [.. parts.Select(p => p.Pages.Name)],
        };
        content.Remarks.Add($"'{file.Source.Name}' is a {content.Container}, version {header.Version}: {header.Machine} of {header.Layout.WordSize} bits, "
            + $"{Plural.Of(pages, "page")} of {header.BlockSize} bytes in {Plural.Of(parts.Sum(p => p.Runs.Count), "run")}, {facts.Compression ?? "not compressed"}, "
            + $"{Plural.Of(notes.Cpus.Count, "processor")} with registers.");
        content.Warnings.AddRange(warnings);
        return content;
    }

    /// <summary>Runs of what is known to be zeros, or is to be read so; says what is missing.</summary>
    private static List<PhysicalRun> Zeros(KdumpFile file, KdumpPart[] parts, DumpOpening opening, List<string> warnings, out ulong withoutFile)
    {
        withoutFile = 0;
        ulong size = file.Header.BlockSize;
        uint level = file.SubHeader.DumpLevel;
        string fate = opening.ZeroFill ? "They are read as zeros, as asked for." : "They are absent.";
        var zeros = new ZeroDataSource(file.Source.Name);
        var runs = new List<PhysicalRun>();
        if (file.Header.IsIncomplete)
        {
            warnings.Add($"'{file.Source.Name}' says of itself that it is incomplete: whoever wrote it ran out of room.");
        }

        foreach (KdumpPart part in parts.Where(p => p.Lost > 0))
        {
            warnings.Add($"'{part.Pages.Name}' is cut off or damaged: {part.Lost} of its pages ({part.Lost * size} bytes), the first of them at physical "
                + $"0x{part.FirstLost * size:x}, aren't in its {part.FileLength} bytes. {fate}");
            if (opening.ZeroFill)
            {
                Add(part.LostStretches);
            }
        }

        ulong leftOut = parts.Aggregate(0UL, (sum, p) => sum + (p.LeftOutCount ?? 0));
        if (leftOut > 0 && file.SubHeader.LeavesOnlyZerosOut)
        {
            opening.Remarks.Add($"{leftOut} pages of zeros were left out of '{file.Source.Name}' when it was made; they are read as such.");
        }
        else if (leftOut > 0)
        {
            string what = string.Join(", ", Levels.Where(l => (level & l.Bit) != 0).Select(l => l.What));
            warnings.Add($"{leftOut} pages of RAM ({leftOut * size} bytes) were left out of '{file.Source.Name}' when it was made"
                + $"{(what.Length > 0 ? $", at dump level {level}: {what}" : "")}. {fate}");
        }

        foreach (KdumpPart part in parts)
        {
            Add(part.LeftOut);
        }

        foreach (PageStretch gap in Gaps(file, parts))
        {
            PageBitmap? ram = file.HasTwoBitmaps && file.RamAt + ((gap.End + 7) / 8) <= file.Source.Length
                ? new PageBitmap(file.Source, file.RamAt, without: null, opening.Cancellation)
                : null;
            ulong? count = ram?.Count(gap.First, gap.End);
            if (count == 0)
            {
                continue;
            }

            withoutFile += count ?? gap.Count;
            warnings.Add($"The part of the split dump with physical 0x{gap.First * size:x}-0x{(gap.End * size) - 1:x} "
                + $"{(count == null ? "" : $"({count} pages of RAM) ")}isn't beside '{file.Source.Name}'. {fate} Put its file there.");
            if (opening.ZeroFill)
            {
                Add(ram?.Read(gap.First, gap.End).List ?? []);
            }
        }

        return runs;

        void Add(IEnumerable<PageStretch> stretches) =>
            runs.AddRange(stretches.Select(s => new PhysicalRun(s.First * size, s.Count * size, zeros, s.First * size)));
    }

    /// <summary>The pages that no file of a split dump is there for.</summary>
    private static IEnumerable<PageStretch> Gaps(KdumpFile file, KdumpPart[] parts)
    {
        ulong next = 0;
        foreach (KdumpPart part in parts.OrderBy(p => p.FirstPage))
        {
            if (part.FirstPage > next)
            {
                yield return new PageStretch(next, part.FirstPage - next);
            }

            next = Math.Max(next, part.EndPage);
        }

        if (next < file.PageCount)
        {
            yield return new PageStretch(next, file.PageCount - next);
        }
    }
}
