using System.Diagnostics;
using System.Globalization;
using ElfMmu.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace ElfMmu.Tests.Dumps.Fuzzing;

/// <summary>
/// Damaged dumps of every container: none ends in anything but mappings or an error of ours, none takes long, and none takes more memory than
/// the cache and a multiple of its file. ELFMMU_FUZZ_COUNT says how many files (10,000), ELFMMU_FUZZ_FIRST from which number on (0), and
/// ELFMMU_FUZZ_KEEP a folder for those that fail.
/// </summary>
public class ContainerFuzzTests(ITestOutputHelper output)
{
    private const int DefaultCount = 10_000;
    private const int SlowestMilliseconds = 5_000;

    // Caches and windows of packed memory, and the runs, processors and texts that a file can name.
    private const long Constant = 160 << 20;
    private const long PerByte = 300;

    [Fact]
    public void Damaged_dumps_are_read_as_far_as_they_are_sound()
    {
        int first = Number("ELFMMU_FUZZ_FIRST", 0);
        int count = Number("ELFMMU_FUZZ_COUNT", DefaultCount);
        IReadOnlyList<ContainerSeed> seeds = ContainerSeeds.All;
        using var folder = new TempFolder();
        int[] opened = new int[seeds.Count];
        string[] paths = [.. seeds.Select((s, i) => Prepare(folder, s, i))];
        double slowest = 0;
        long most = 0;
        var failures = new List<string>();
        for (int number = first; number < first + count && failures.Count < 10; number++)
        {
            int index = number % seeds.Count;
            ContainerSeed seed = seeds[index];
            byte[] file = ContainerMutator.Mutate(seed.Bytes, number);
            File.WriteAllBytes(paths[index], file);
            string? failure = null;
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            try
            {
                opened[index] += EveryDumpReader.Read(paths[index], zeroFill: number % 5 == 0) ? 1 : 0;
            }
            catch (Exception e)
            {
                failure = e.ToString();
            }

            double took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

            // A machine that others keep busy is slow once; a file that takes long takes long again.
            for (int again = 0; took > SlowestMilliseconds && failure == null && again < 3; again++)
            {
                start = Stopwatch.GetTimestamp();
                EveryDumpReader.Read(paths[index], zeroFill: number % 5 == 0);
                took = Math.Min(took, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            (slowest, most) = (Math.Max(slowest, took), Math.Max(most, allocated));
            failure ??= took > SlowestMilliseconds ? $"took {took:f0} ms"
                : allocated > Constant + (PerByte * file.Length) ? $"allocated {allocated:n0} bytes for {file.Length:n0}"
                : null;
            if (failure != null)
            {
                failures.Add(Kept(seed.Name, number, file) + ": " + failure);
            }
        }

        output.WriteLine($"{count:n0} files, {opened.Sum():n0} opened, at most {slowest:f0} ms and {most:n0} bytes a file");
        output.WriteLine(string.Join(", ", seeds.Zip(opened, (s, o) => $"{s.Name} {o:n0}")));
        Assert.True(failures.Count == 0, string.Join('\n', failures));

        // Neither all harmless nor all hopeless, or the damage would test nothing.
        Assert.All(opened, o => Assert.InRange(o, count / seeds.Count / 50, count / seeds.Count));
        Assert.InRange(opened.Sum(), count / 10, count * 995 / 1000);
    }

    [Fact]
    public void Seeds_are_sound()
    {
        using var folder = new TempFolder();
        Assert.All(ContainerSeeds.All.Select((seed, i) => (seed, i)), s =>
        {
            string path = Prepare(folder, s.seed, s.i);
            File.WriteAllBytes(path, s.seed.Bytes);
            Assert.True(EveryDumpReader.Read(path, zeroFill: false), s.seed.Name);
        });
    }

    /// <summary>Each seed has a folder of its own: readers look at what lies beside a file.</summary>
    private static string Prepare(TempFolder folder, ContainerSeed seed, int index)
    {
        string own = Directory.CreateDirectory(folder.File(index.ToString(CultureInfo.InvariantCulture))).FullName;
        foreach ((string name, byte[] bytes) in seed.Beside)
        {
            File.WriteAllBytes(Path.Combine(own, name), bytes);
        }

        return Path.Combine(own, seed.Name);
    }

    private static string Kept(string seed, int number, byte[] file)
    {
        string text = $"{seed}, number {number}";
        if (Environment.GetEnvironmentVariable("ELFMMU_FUZZ_KEEP") is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            string path = Path.Combine(folder, $"{number}-{seed}");
            File.WriteAllBytes(path, file);
            text += $" ({path})";
        }

        return text;
    }

    private static int Number(string variable, int standard) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : standard;
}
