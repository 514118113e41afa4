using ElfMmu.Elf;

namespace ElfMmu.Tests.Elf;

/// <summary>ELF files of this system, of all architectures that cross compilers brought along.</summary>
internal static class ElfFiles
{
    /// <summary>
    /// Files that tests compare with what other programs say of them; a folder in ELFMMU_ELF_FILES adds all of its own.
    /// </summary>
    /// <param name="most">The most files of a folder.</param>
    public static List<string> OfThisSystem(int most)
    {
        List<string> files = [];
        foreach (string folder in Folders())
        {
            files.AddRange(Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Where(IsElf).Take(most));
        }

        string more = Environment.GetEnvironmentVariable("ELFMMU_ELF_FILES") ?? "";
        if (more.Length > 0)
        {
            files.AddRange(Directory.EnumerateFiles(more, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Where(IsElf));
        }

        return files;
    }

    private static IEnumerable<string> Folders()
    {
        string[] folders = ["/usr/bin", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"];
        IEnumerable<string> cross = Directory.Exists("/usr") ? Directory.EnumerateDirectories("/usr", "*-linux-gnu*").Select(d => d + "/lib") : [];
        return folders.Concat(cross).Where(Directory.Exists).Order(StringComparer.Ordinal);
    }

    private static bool IsElf(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            byte[] start = new byte[16];
            return stream.ReadAtLeast(start, 16, throwOnEndOfStream: false) == 16 && ElfReader.IsElf(start);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
