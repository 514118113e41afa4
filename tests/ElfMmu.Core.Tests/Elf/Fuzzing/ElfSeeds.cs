using System.IO.Compression;
using ElfMmu.Tests.Support;

namespace ElfMmu.Tests.Elf.Fuzzing;

/// <summary>Small real files of each kind, class and byte order: tests/data/elf/seeds.zip, which make.sh beside it makes.</summary>
internal static class ElfSeeds
{
    /// <summary>The files by name, in the archive's order.</summary>
    public static IReadOnlyList<(string Name, byte[] Bytes)> All { get; } = Read();

    private static List<(string Name, byte[] Bytes)> Read()
    {
        using ZipArchive zip = ZipFile.OpenRead(TestData.Path("elf", "seeds.zip"));
        var seeds = new List<(string Name, byte[] Bytes)>();
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using Stream stream = entry.Open();
            byte[] bytes = new byte[entry.Length];
            stream.ReadExactly(bytes);
            seeds.Add((entry.Name, bytes));
        }

        return seeds;
    }
}
