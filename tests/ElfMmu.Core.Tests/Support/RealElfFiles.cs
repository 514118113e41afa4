using ElfMmu.Elf;

namespace ElfMmu.Tests.Support;

/// <summary>ELF files of the machine the tests run on.</summary>
internal static class RealElfFiles
{
    /// <summary>The first ELF files of a folder and those below it, by their names.</summary>
    public static IEnumerable<string> In(string folder, string pattern, int most)
    {
        var every = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return Directory.EnumerateFiles(folder, pattern, every).Order(StringComparer.Ordinal).Where(IsElf).Take(most);
    }

    private static bool IsElf(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            byte[] start = new byte[4];
            return stream.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && ElfReader.IsElf(start);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
