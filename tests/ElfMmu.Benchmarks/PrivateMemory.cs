using System.Diagnostics;
using System.Globalization;

namespace ElfMmu.Benchmarks;

/// <summary>
/// The peak of this process's own memory while some work runs. Pages of mapped files belong to the system's cache and don't
/// count (RssAnon on Linux, private bytes elsewhere).
/// </summary>
internal static class PrivateMemory
{
    public static long PeakDuring(Action work)
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        long before = Now();
        long peak = before;
        using var done = new ManualResetEventSlim();
        var watcher = new Thread(() =>
        {
            while (!done.Wait(5))
            {
                peak = Math.Max(peak, Now());
            }
        });
        watcher.Start();
        work();
        done.Set();
        watcher.Join();
        return Math.Max(0, peak - before);
    }

    private static long Now()
    {
        if (!OperatingSystem.IsLinux())
        {
            using Process process = Process.GetCurrentProcess();
            return process.PrivateMemorySize64;
        }

        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(8).Trim().TrimEnd("kB ").Trim(), CultureInfo.InvariantCulture) * 1024;
    }
}
