using ElfMmu.Elf;

namespace ElfMmu.Tests.Elf.Writing;

/// <summary>The ELF files of the machine the tests run on: of its own architecture, and of those whose tools are installed.</summary>
internal static class RealElfFiles
{
    private const long Largest = 64 << 20;

    /// <summary>Files, at most so many from each folder, the smallest names first; each machine, class and type is among them if it is there.</summary>
    public static List<string> Find(int perFolder)
    {
        List<string> folders = ["/usr/bin", "/usr/sbin", "/usr/lib", "/usr/libexec", "/lib/modules", "/usr/local/lib"];
        if (Directory.Exists("/usr"))
        {
            folders.AddRange(Directory.EnumerateDirectories("/usr", "*-linux-gnu*").Order());
        }

        if (Directory.Exists("/usr/lib"))
        {
            folders.AddRange(Directory.EnumerateDirectories("/usr/lib", "gcc*").Order());
            folders.AddRange(Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu*").Order());
        }

        return [.. folders.Where(Directory.Exists).SelectMany(f => In(f).Take(perFolder)).Distinct()];
    }

    private static IEnumerable<string> In(string folder) => Directory
        .EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint })
        .Where(IsElf);

    private static bool IsElf(string path)
    {
        try
        {
            if (new FileInfo(path).Length > Largest)
            {
                return false;
            }

            using FileStream stream = File.OpenRead(path);
            Span<byte> start = stackalloc byte[4];
            return stream.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && ElfReader.IsElf(start);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
