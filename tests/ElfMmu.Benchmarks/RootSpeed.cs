using System.Globalization;
using System.Runtime.Intrinsics;
using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Benchmarks;

/// <summary>
/// How long looking for roots takes beside one sequential pass over the same mapped file, by one thread, with vectors, in the system's
/// cache; and the memory it needs beside the dump's size.
/// </summary>
internal static class RootSpeed
{
    private const int Rounds = 7;
    private const long FullSize = 2L << 30;
    private const string Name = "memory";

    // One mode at a time, and all of them.
    private static readonly (string? Mode, double Limit)[] Searches = [("ia32e", 1.5), ("aarch64-4k", 1.5), ("ia32", 1.5), (null, 4)];

    /// <summary>
    /// One CSV line a search: dump, modes, search, pass, ratio, limit, the ratio of the same where the file's pages were mapped before,
    /// the peak of the managed heap, the part of the dump it is, the same of the process's own memory, and mapped pages.
    /// </summary>
    /// <param name="folder">Where the images can be.</param>
    public static IEnumerable<string> Lines(string folder)
    {
        string path = Path.Combine(folder, Name);
        RootImage.WriteFull(path, FullSize, folder);
        foreach ((string? mode, double limit) in Searches)
        {
            yield return Line("2 GiB", path, mode, limit);
        }

        File.Delete(path);
        RootImage.WriteSparse(path, folder);
        long blocks = Blocks(path);
        foreach ((string? mode, _) in Searches)
        {
            yield return Line("16 GiB sparse", path, mode, null);
        }

        yield return $"16 GiB sparse,disk blocks,{Blocks(path)} after,{blocks} before";
    }

    private static string Line(string what, string path, string? mode, double? limit)
    {
        long size = new FileInfo(path).Length;
        (double search, double pass, double ratio) = Timing.Pairs(Rounds, () => Search(path, mode), () => Pass(path));
        using MemoryDump dump = MemoryDump.Open(path);
        (_, _, double mapped) = Timing.Pairs(Rounds, () => Search(dump, mode), () => Pass(dump.Memory));
        PeakMemory peak = PeakMemory.During(() => Search(path, mode));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{what},{mode ?? "all"},{search:f0} ms,{pass:f0} ms,{ratio:f2},{limit},{mapped:f2},")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"{MiB(peak.Heap)},{Part(size, peak.Heap)},{MiB(peak.Own)},{Part(size, peak.Own)},{MiB(peak.Mapped)}");
    }

    private static string MiB(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:f1} MiB");

    private static string Part(long size, long bytes) => $"1/{size / Math.Max(1, bytes)}";

    private static void Search(string path, string? mode)
    {
        using MemoryDump dump = MemoryDump.Open(path);
        Search(dump, mode);
    }

    // A search that finds nothing where there is something would measure something else.
    private static void Search(MemoryDump dump, string? mode)
    {
        RootSearch found = RootFinder.Find(dump, new RootSearchOptions { Modes = mode == null ? null : [PagingModes.Get(mode)] });
        if (mode is null or "ia32e" && found.Best?.Mode.Name != "ia32e")
        {
            throw new InvalidOperationException("The roots weren't found.");
        }
    }

    private static void Pass(string path)
    {
        using MemoryDump dump = MemoryDump.Open(path);
        Pass(dump.Memory);
    }

    /// <summary>
    /// Adds all bytes up; of holes nothing is read, and what is smaller than a page fault's worth of reading ahead is read by system calls.
    /// </summary>
    private static unsafe void Pass(PhysicalMemory memory)
    {
        Vector256<ulong> sum = default;
        byte[] island = new byte[1 << 20];
        foreach (PhysicalRun run in memory.Runs)
        {
            for (ulong at = run.Offset, last = run.Offset + run.Size; at < last;)
            {
                bool hole = run.Source.IsHole(at, out ulong end);
                ulong size = Math.Min(end, last) - at;
                if (!hole && size <= (ulong)island.Length && size < run.Size)
                {
                    run.Source.ReadIsland(at, island.AsSpan(0, (int)size));
                    fixed (byte* bytes = island)
                    {
                        sum += Sum(bytes, size);
                    }
                }
                else if (!hole)
                {
                    sum += Sum(run.Source.Pointer + at, size);
                }

                at += size;
            }
        }

        if (sum == Vector256<ulong>.Zero)
        {
            throw new InvalidOperationException("The image is empty.");
        }
    }

    private static unsafe Vector256<ulong> Sum(byte* bytes, ulong size)
    {
        Vector256<ulong> a = default;
        Vector256<ulong> b = default;
        Vector256<ulong> c = default;
        Vector256<ulong> d = default;
        for (ulong i = 0; i + 128 <= size; i += 128)
        {
            a += Vector256.Load((ulong*)(bytes + i));
            b += Vector256.Load((ulong*)(bytes + i + 32));
            c += Vector256.Load((ulong*)(bytes + i + 64));
            d += Vector256.Load((ulong*)(bytes + i + 96));
        }

        return a + b + c + d;
    }

    /// <summary>How many blocks of 512 bytes a file has on its disk.</summary>
    private static long Blocks(string path)
    {
        string printed = Path.Combine(Path.GetDirectoryName(path)!, "blocks");
        Timing.Run("sh", "-c", $"stat -c %b '{path}' > '{printed}'");
        return long.Parse(File.ReadAllText(printed), CultureInfo.InvariantCulture);
    }
}
