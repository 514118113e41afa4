using System.IO.Compression;
using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Tests.Support;

namespace ElfMmu.Tests.Discovery;

/// <summary>Searches for roots in images that stand alone, so that nothing beside them can help.</summary>
internal static class Searches
{
    /// <summary>Looks for roots in an image.</summary>
    /// <param name="image">Its bytes.</param>
    /// <param name="ramBase">Its RAM base, where that is told.</param>
    public static RootSearch Find(ReadOnlySpan<byte> image, ulong? ramBase = null)
    {
        using var folder = new TempFolder();
        return Find(folder.Write("memory", image), ramBase);
    }

    /// <summary>Looks for roots in a file.</summary>
    public static RootSearch Find(string path, ulong? ramBase = null)
    {
        using MemoryDump dump = MemoryDump.Open(path, new DumpOptions { RamBase = ramBase });
        return RootFinder.Find(dump);
    }

    /// <summary>The candidates that are taken for roots.</summary>
    public static PageTableRoot[] Above(this RootSearch search) =>
        [.. search.Roots.Where(r => r.Score >= RootSearch.DefaultMinimumScore)];

    /// <summary>Copies a dump's file, packed or not, to where nothing else is.</summary>
    public static string Alone(TempFolder folder, string name, string file)
    {
        string copy = folder.File(file);
        if (!name.StartsWith("bare-", StringComparison.Ordinal))
        {
            File.Copy(Path.Combine(BigDumps.Folder(name), file), copy);
            return copy;
        }

        using var packed = new GZipStream(File.OpenRead(TestData.Path(name, file + ".gz")), CompressionMode.Decompress);
        using FileStream target = File.Create(copy);
        packed.CopyTo(target);
        return copy;
    }

    /// <summary>A candidate, in a line.</summary>
    public static string Line(PageTableRoot root) =>
        $"{root.Mode.Name} 0x{root.Root:x}{(root.IsUpperHalf ? " (upper)" : "")} {root.Score:f2} {root.State}, base 0x{root.RamBase:x}, "
        + $"{root.Tables} tables; {string.Join("; ", root.Reasons)}; {string.Join("; ", root.Doubts)}";

    /// <summary>All candidates, for a message.</summary>
    public static string Lines(IEnumerable<PageTableRoot> roots) => string.Concat(roots.Select(r => "\n  " + Line(r)));
}
