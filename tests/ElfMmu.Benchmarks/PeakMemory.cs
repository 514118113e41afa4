using System.Globalization;

namespace ElfMmu.Benchmarks;

/// <summary>What some work needed at most beyond what there was before it, in bytes.</summary>
/// <param name="Heap">The managed heap, with what is garbage but not yet collected.</param>
/// <param name="Own">The process's own memory (RssAnon); 0 where the system doesn't say.</param>
/// <param name="Mapped">Pages of mapped files (RssFile), which belong to the system's cache; 0 where the system doesn't say.</param>
internal readonly record struct PeakMemory(long Heap, long Own, long Mapped)
{
    /// <summary>Runs the work and watches it every two milliseconds.</summary>
    public static PeakMemory During(Action work)
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        PeakMemory before = Now();
        PeakMemory peak = before;
        using var done = new ManualResetEventSlim();
        var watcher = new Thread(() =>
        {
            while (!done.Wait(2))
            {
                PeakMemory now = Now();
                peak = new(Math.Max(peak.Heap, now.Heap), Math.Max(peak.Own, now.Own), Math.Max(peak.Mapped, now.Mapped));
            }
        });
        watcher.Start();
        work();
        done.Set();
        watcher.Join();
        return new(peak.Heap - before.Heap, peak.Own - before.Own, peak.Mapped - before.Mapped);
    }

    private static PeakMemory Now()
    {
        long own = 0;
        long mapped = 0;
        if (OperatingSystem.IsLinux())
        {
            foreach (string line in File.ReadLines("/proc/self/status"))
            {
                own = Of(line, "RssAnon:") ?? own;
                mapped = Of(line, "RssFile:") ?? mapped;
            }
        }

        return new(GC.GetTotalMemory(forceFullCollection: false), own, mapped);
    }

    private static long? Of(string line, string name) => line.StartsWith(name, StringComparison.Ordinal)
        ? long.Parse(line.AsSpan(name.Length).Trim().TrimEnd("kB ").Trim(), CultureInfo.InvariantCulture) * 1024
        : null;
}
