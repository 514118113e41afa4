using System.Diagnostics;
using System.Globalization;
using ElfMmu.Elf;
using ElfMmu.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace ElfMmu.Tests.Elf.Fuzzing;

/// <summary>
/// Damaged files, and every reader: none fails once the file is opened, none takes long, and none allocates more than a multiple of the file.
/// ELFMMU_FUZZ_COUNT says how many files (20,000), ELFMMU_FUZZ_FIRST from which number on (0).
/// </summary>
public class ElfFuzzTests(ITestOutputHelper output)
{
    private const int DefaultCount = 20_000;
    private const int SlowestMilliseconds = 2_000;
    private const int MostAsked = 200;

    // What is read of a file of n bytes with all readers may be 300 n + 8 MB: objects of 100 bytes and more with their names for records of 8
    // bytes, and the most diagnostics that are kept.
    private const long PerByte = 300;
    private const long Constant = 8_000_000;

    [Fact]
    public void Damaged_files_are_read_as_far_as_they_are_sound()
    {
        int first = Number("ELFMMU_FUZZ_FIRST", 0);
        int count = Number("ELFMMU_FUZZ_COUNT", DefaultCount);
        (string Name, ElfMutator Mutator)[] seeds = [.. ElfSeeds.All.Select(s => (s.Name, new ElfMutator(s.Bytes)))];
        foreach ((string _, byte[] bytes) in ElfSeeds.All)
        {
            // What is set up once, for the first file ever read, is no matter of any file.
            EveryReader.Read(bytes);
        }

        using var folder = new TempFolder();
        int opened = 0;
        long most = 0;
        double slowest = 0;
        var failures = new List<string>();
        for (int number = first; number < first + count && failures.Count < 10; number++)
        {
            (string name, ElfMutator mutator) = seeds[number % seeds.Length];
            byte[] file = mutator.Mutate(number);
            string? failure = null;
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            try
            {
                opened += (name.EndsWith(".a", StringComparison.Ordinal) ? EveryReader.ReadArchive(folder.Write("lib.a", file)) : EveryReader.Read(file)) ? 1 : 0;
            }
            catch (Exception e)
            {
                failure = e.Message;
            }

            double took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

            // A machine that others keep busy is slow once; a file that takes long takes long again.
            for (int again = 0; took > SlowestMilliseconds && failure == null && again < 3; again++)
            {
                took = Math.Min(took, Timed(() => EveryReader.Read(file)));
            }

            slowest = Math.Max(slowest, took);
            most = Math.Max(most, allocated);
            if (took > SlowestMilliseconds)
            {
                failure ??= $"took {took:f0} ms";
            }

            if (allocated > Constant + (PerByte * file.Length))
            {
                failure ??= $"allocated {allocated:n0} bytes for {file.Length:n0}";
            }

            if (failure != null)
            {
                failures.Add(Kept(name, number, file) + ": " + failure);
            }
        }

        output.WriteLine($"{count:n0} files, {opened:n0} opened, at most {slowest:f0} ms and {most:n0} bytes a file");
        Assert.True(failures.Count == 0, string.Join('\n', failures));

        // Neither all harmless nor all hopeless, or the damage would test nothing.
        Assert.InRange(opened, count / 2, count * 999 / 1000);
    }

    [ToolFact("readelf")]
    public void What_readelf_reads_is_opened()
    {
        int count = Number("ELFMMU_FUZZ_COUNT", DefaultCount);
        (string Name, ElfMutator Mutator)[] seeds = [.. ElfSeeds.All.Where(s => ElfReader.IsElf(s.Bytes)).Select(s => (s.Name, new ElfMutator(s.Bytes)))];
        using var folder = new TempFolder();
        int asked = 0, refused = 0;
        var failures = new List<string>();
        for (int number = 0; number < count && asked < MostAsked; number++)
        {
            (string name, ElfMutator mutator) = seeds[number % seeds.Length];
            byte[] file = mutator.Mutate(number);
            if (!ElfReader.IsElf(file) || file.Length < 52 || Opens(file))
            {
                continue;
            }

            asked++;
            ToolResult theirs = Tools.Run("readelf", "-aW", folder.Write("file", file));
            bool complains = theirs.ExitCode != 0 || theirs.Errors.Length > 0;
            refused += complains ? 1 : 0;
            if (!complains)
            {
                failures.Add(Kept(name, number, file));
            }
        }

        output.WriteLine($"{count:n0} files: {asked} that we don't open, {refused} that readelf complains of too");
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static double Timed(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static bool Opens(byte[] file)
    {
        try
        {
            ElfMutator.Open(file).Dispose();
            return true;
        }
        catch (ElfMmuException)
        {
            return false;
        }
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
