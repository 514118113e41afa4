using System.Globalization;
using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Benchmarks;

/// <summary>
/// How fast each mode's tables are walked: pages and bytes of tables a second, beside a pass over the same bytes that only adds
/// them up, and the time for a page beside ia32e's in the same minute.
/// </summary>
internal static class ModeSpeed
{
    // What the last level of every mode can fill: 32-bit addresses need no more.
    private const int TableBytes = 4 << 20;
    private const int Rounds = 15;

    // A mode that walked less than almost all entries would measure something else.
    private const int Least = TableBytes / 8 / 64 * 63;

    /// <summary>One CSV line a mode: mode, pages, pages a second, bytes of tables a second, bytes read a second, ratio to ia32e.</summary>
    public static IEnumerable<string> Lines()
    {
        WalkRequest rival = FullTables.All.Single(t => t.Mode == "ia32e").Build(TableBytes);
        PagingMode ia32e = PagingModes.Get("ia32e");
        int rivalPages = Walk(ia32e, rival);
        foreach ((string name, WalkRequest request) in FullTables.All.Select(t => (t.Mode, t.Build(TableBytes)))
            .Append(("ppc32", FullHashTable.Build(TableBytes))))
        {
            PagingMode mode = PagingModes.Get(name);
            int pages = Walk(mode, request);
            ulong bytes = request.Memory.Size;
            if (pages < Least)
            {
                throw new InvalidOperationException($"Of mode {name} only {pages} pages are walked.");
            }

            (double walk, double theirs, double ratio) = Timing.Pairs(Rounds, () => Walk(mode, request), () => Walk(ia32e, rival));
            double read = Timing.Median([.. Enumerable.Range(0, Rounds).Select(_ => Timing.Once(() => Read(request.Memory)))]);
            double slower = ratio * rivalPages / pages;
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{name},{pages},{pages / walk / 1000:f0} M/s,{bytes / walk / 1e6:f2} GB/s,{bytes / read / 1e6:f2} GB/s,{slower:f2}");
        }
    }

    private static int Walk(PagingMode mode, WalkRequest request)
    {
        var sink = new CountingSink();
        mode.Walk(request, ref sink);
        return sink.Count;
    }

    private static unsafe void Read(PhysicalMemory memory)
    {
        ulong sum = 0;
        foreach (PhysicalRun run in memory.Runs)
        {
            ulong* words = (ulong*)(run.Source.Pointer + run.Offset);
            for (ulong i = 0; i < run.Size / 8; i++)
            {
                sum += words[i];
            }
        }

        if (sum == 0)
        {
            throw new InvalidOperationException("The tables are empty.");
        }
    }
}
