using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Discovery;

/// <summary>What looking for roots needs of memory and disk, beside dumps whose size is mostly holes.</summary>
[Collection(Alone.Name)]
public sealed class FootprintTests
{
    private const long MiB = 1 << 20;

    private static readonly string Sample = Path.Combine(TestData.Folder, "..", "..", "samples", "linux-x64-tiny.elf.gz");

    // What any search needs, and what the rest of the process may come and go with meanwhile.
    private const long Constant = 8 * MiB;

    [Theory]
    [InlineData("ia32e")]
    [InlineData(null)]
    public void MemoryIsASmallPartOfTheDump(string? mode)
    {
        using var folder = new TempFolder();
        string path = folder.File("memory");
        const long Size = 1 << 30;
        using (FileStream file = WithTables(path, Size))
        {
            Islands(file, 64 * MiB, Size, 4 * MiB, 256 << 10);
        }

        // What is compiled and kept for good is there after the first time.
        ulong root = Find(path, mode).Best!.Root;
        long peak = Peak(() => Assert.Equal(root, Find(path, mode).Best!.Root));
        Assert.True(peak <= (Size / 256) + Constant, $"{peak >> 10} KiB for a dump of {Size >> 20} MiB.");
    }

    [Fact]
    public void SixteenGibibytesOfHolesStayHoles()
    {
        using var folder = new TempFolder();
        string path = folder.File("memory");
        const long Size = 16L << 30;
        using (FileStream file = WithTables(path, Size))
        {
            Islands(file, 64 * MiB, 4L << 30, 64 * MiB, 4096);
            Islands(file, 4L << 30, Size, 1L << 30, 1 << 20);
        }

        using MemoryDump small = MemoryDump.Open(Sample);
        PageTableRoot[] expected = RootFinder.Find(small, Of("ia32e")).Roots.Where(IsSure).ToArray();
        RootSearch found = Find(path, "ia32e");
        Assert.NotEmpty(expected);
        Assert.All(expected, r => Assert.Contains(found.Roots, f => f.Root == r.Root && IsSure(f)));
        Assert.Equal(Size, new FileInfo(path).Length);

        static bool IsSure(PageTableRoot root) => root.Score >= RootSearch.DefaultMinimumScore;
    }

    private static RootSearchOptions Of(string? mode) => new() { Modes = mode == null ? null : [PagingModes.Get(mode)] };

    private static RootSearch Find(string path, string? mode)
    {
        using MemoryDump dump = MemoryDump.Open(path);
        return RootFinder.Find(dump, Of(mode));
    }

    /// <summary>A sparse raw image that starts with the RAM of the sample.</summary>
    private static FileStream WithTables(string path, long size)
    {
        using MemoryDump sample = MemoryDump.Open(Sample);
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0);
        file.SetLength(size);
        foreach (PhysicalRun run in sample.Memory.Runs.Where(r => r.Last < 64 * MiB))
        {
            byte[] bytes = new byte[run.Size];
            run.Source.Read(run.Offset, bytes);
            file.Position = (long)run.Start;
            file.Write(bytes);
        }

        return file;
    }

    /// <summary>Random bytes at regular distances.</summary>
    private static void Islands(FileStream file, long from, long to, long distance, int size)
    {
        byte[] noise = new byte[size];
        new Random(7).NextBytes(noise);
        for (long at = from; at < to; at += distance)
        {
            file.Position = at;
            file.Write(noise);
        }
    }

    /// <summary>The most that the heap had beyond what it had before, with what wasn't collected in time.</summary>
    private static long Peak(Action work)
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long peak = before;
        using var done = new ManualResetEventSlim();
        var watcher = new Thread(() =>
        {
            while (!done.Wait(1))
            {
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
            }
        });
        watcher.Start();
        try
        {
            work();
        }
        finally
        {
            done.Set();
            watcher.Join();
        }

        return peak - before;
    }
}
