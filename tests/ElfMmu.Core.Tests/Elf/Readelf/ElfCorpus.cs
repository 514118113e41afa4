using ElfMmu.Elf;

namespace ElfMmu.Tests.Elf.Readelf;

/// <summary>The ELF files that are compared: a sample of what is installed, or all in the folders of ELFMMU_ELF_CORPUS.</summary>
internal static class ElfCorpus
{
    private const int PerFolder = 16;
    private const long LargestOfSample = 1 << 20;

    /// <summary>The files.</summary>
    public static IReadOnlyList<string> Files { get; } = Find();

    /// <summary>Whether the folders were named.</summary>
    public static bool IsNamed => Named.Length > 0;

    private static string[] Named => (Environment.GetEnvironmentVariable("ELFMMU_ELF_CORPUS") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static List<string> Find()
    {
        var files = new List<string>();
        if (IsNamed)
        {
            foreach (string place in Named)
            {
                files.AddRange(File.Exists(place) ? [Path.GetFullPath(place)] : In(Path.GetFullPath(place), recursive: true, long.MaxValue));
            }

            return files;
        }

        foreach (string folder in SampleFolders())
        {
            string[] all = [.. In(folder, recursive: false, LargestOfSample)];
            int step = Math.Max(1, all.Length / PerFolder);
            files.AddRange(all.Where((_, i) => i % step == 0).Take(PerFolder));
        }

        return files;
    }

    private static IEnumerable<string> SampleFolders()
    {
        string[] plain = ["/usr/bin", "/usr/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/libexec", "/usr/lib/debug/.build-id"];
        IEnumerable<string> cross = Matching("/usr", "*-linux-gnu*").Select(f => Path.Combine(f, "lib"));
        IEnumerable<string> compilers = Matching("/usr/lib/gcc", "*").Concat(Matching("/usr/lib/gcc-cross", "*")).SelectMany(f => Matching(f, "*"));
        IEnumerable<string> debug = Matching("/usr/lib/debug/.build-id", "*").Take(8);
        return plain.Concat(cross).Concat(compilers).Concat(debug).Where(Directory.Exists);
    }

    private static IEnumerable<string> Matching(string folder, string pattern) => Directory.Exists(folder)
        ? Directory.EnumerateDirectories(folder, pattern).Order(StringComparer.Ordinal)
        : [];

    private static IEnumerable<string> In(string folder, bool recursive, long largest) => new DirectoryInfo(folder)
        .EnumerateFiles("*", new EnumerationOptions
        {
            RecurseSubdirectories = recursive,
            AttributesToSkip = FileAttributes.ReparsePoint,
            IgnoreInaccessible = true,
        })
        .Where(f => f.Length >= 52 && f.Length <= largest && IsElf(f.FullName))
        .Select(f => f.FullName)
        .Order(StringComparer.Ordinal);

    private static bool IsElf(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            Span<byte> start = stackalloc byte[4];
            return stream.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && ElfReader.IsElf(start);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file that isn't meant for us.
            return false;
        }
    }
}
