using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>Finds the other files of a split dump (makedumpfile --split), which stand beside each other under any names.</summary>
internal static class KdumpSiblings
{
    /// <summary>The most files of a folder that are looked into; those whose names are most like that of the one opened come first.</summary>
    public const int MostFiles = 4096;

    /// <summary>The files of the dump that are there, ascending by their pages, the one that was opened among them. O(n log n) in the files of the folder.</summary>
    /// <param name="file">The file that was opened.</param>
    /// <param name="path">Its full path.</param>
    /// <param name="remarks">Takes which ones were taken.</param>
    public static List<KdumpFile> Find(KdumpFile file, string path, List<string> remarks)
    {
        var candidates = new List<KdumpFile>();
        var taken = new List<KdumpFile> { file };
        try
        {
            foreach (string other in Others(path, remarks))
            {
                if (TryOpen(other) is not { } candidate)
                {
                    continue;
                }

                if (IsOfSame(file, candidate))
                {
                    candidates.Add(candidate);
                }
                else
                {
                    candidate.Source.Dispose();
                }
            }

            // A folder may hold copies of a part, under names that are less like that of the file opened.
            foreach (KdumpFile candidate in candidates)
            {
                if (taken.TrueForAll(t => candidate.EndPage <= t.FirstPage || candidate.FirstPage >= t.EndPage))
                {
                    taken.Add(candidate);
                    continue;
                }

                remarks.Add($"'{candidate.Source.Name}' has pages of the split dump that another file has too; it is left out.");
                candidate.Source.Dispose();
            }
        }
        catch
        {
            candidates.ForEach(c => c.Source.Dispose());
            throw;
        }

        taken.Sort((a, b) => a.FirstPage.CompareTo(b.FirstPage));
        remarks.Add($"'{path}' is one of the files of a split dump; {taken.Count} of them are here: "
            + $"{string.Join(", ", taken.Select(t => $"'{t.Source.Name}' (pages {t.FirstPage} to {t.EndPage})"))}.");
        return taken;
    }

    /// <summary>The other files of the folder, those with the most similar names first.</summary>
    private static IEnumerable<string> Others(string path, List<string> remarks)
    {
        var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.Directory | FileAttributes.Device };
        string? folder = Path.GetDirectoryName(path);
        string[] others = folder == null ? [] : [.. Directory.EnumerateFiles(folder, "*", options).Where(f => f != path)];
        if (others.Length > MostFiles)
        {
            remarks.Add($"Parts of the split dump were looked for in {MostFiles} of the {others.Length} other files beside '{path}', those whose names are most like its. "
                + "Put the parts into a folder of their own if some are missing.");
        }

        return others.OrderByDescending(f => f.AsSpan().CommonPrefixLength(path)).ThenBy(f => f, StringComparer.Ordinal).Take(MostFiles);
    }

    /// <summary>A file, if it is part of some split dump.</summary>
    private static KdumpFile? TryOpen(string path)
    {
        DataSource? source = null;
        try
        {
            Span<byte> head = stackalloc byte[KdumpHeader.Size];
            if (new FileInfo(path) is not { Length: > KdumpHeader.Size } || !ReadHead(path, head) || !KdumpHeader.Matches(head))
            {
                return null;
            }

            source = DataSourceFactory.Open(path);
            KdumpFile file = KdumpFile.Open(source);
            if (file.SubHeader.IsSplit)
            {
                return file;
            }
        }
        catch (Exception e) when (e is ElfMmuException or IOException or UnauthorizedAccessException)
        {
            // Another file of the folder is no reason not to open this one; what is missing is said.
        }

        source?.Dispose();
        return null;
    }

    private static bool ReadHead(string path, Span<byte> head)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        return RandomAccess.Read(handle, head, 0) == head.Length;
    }

    private static bool IsOfSame(KdumpFile one, KdumpFile other)
    {
        (KdumpHeader a, KdumpHeader b) = (one.Header, other.Header);
        return a.Layout == b.Layout
            && (a.Version, a.BlockSize, a.BitmapBlocks, a.Seconds, one.PageCount) == (b.Version, b.BlockSize, b.BitmapBlocks, b.Seconds, other.PageCount)
            && (a.System, a.Host, a.Release, a.Build, a.Machine) == (b.System, b.Host, b.Release, b.Build, b.Machine)
            && (one.SubHeader.DumpLevel, one.SubHeader.PhysicalBase) == (other.SubHeader.DumpLevel, other.SubHeader.PhysicalBase);
    }
}
