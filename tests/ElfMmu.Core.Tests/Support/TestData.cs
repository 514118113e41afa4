using System.IO.Compression;

namespace ElfMmu.Tests.Support;

/// <summary>The small dumps that are part of the repository.</summary>
internal static class TestData
{
    public static string Folder { get; } = Find();

    public static string Path(string dump, string file) => System.IO.Path.Combine(Folder, dump, file);

    /// <summary>The lines of a text file, which may be packed, without comments and empty lines.</summary>
    public static string[] Lines(string path)
    {
        Stream stream = File.Exists(path)
            ? File.OpenRead(path)
            : new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Where(l => l.Length > 0 && l[0] != '#')];
    }

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            string data = System.IO.Path.Combine(folder.FullName, "tests", "data");
            if (Directory.Exists(data))
            {
                return data;
            }
        }

        throw new DirectoryNotFoundException("There is no folder tests/data above " + AppContext.BaseDirectory);
    }
}
