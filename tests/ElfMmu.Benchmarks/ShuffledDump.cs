using System.Buffers.Binary;

namespace ElfMmu.Benchmarks;

/// <summary>
/// A raw image whose 4-level page tables map consecutive virtual pages to shuffled physical pages: no two neighbours fuse, so a
/// core of it has a segment for each page. Every data page holds other random bytes, so none is a hole.
/// </summary>
internal static class ShuffledDump
{
    public const ulong VirtualBase = 0x10_0000_0000;
    private const int PageSize = 4096;
    private const int EntriesPerTable = 512;
    private const ulong Present = 7;

    /// <summary>Writes the image.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="pages">How many data pages; a multiple of 512, at most 262,144.</param>
    /// <param name="padding">Bytes of zeros behind everything, as a hole: a larger dump with the same tables.</param>
    /// <returns>The root.</returns>
    public static ulong Write(string path, int pages, long padding = 0)
    {
        int[] order = [.. Enumerable.Range(0, pages)];
        var random = new Random(12345);
        random.Shuffle(order);
        int tables = pages / EntriesPerTable;
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);

        // Root, third level and second level come first, then the last level's tables, then the data.
        byte[] page = new byte[PageSize];
        ulong dataBase = (ulong)(3 + tables) * PageSize;
        WriteTable(file, page, (int)(VirtualBase >> 39) & 511, [PageSize]);
        WriteTable(file, page, (int)(VirtualBase >> 30) & 511, [2 * PageSize]);
        WriteTable(file, page, 0, [.. Enumerable.Range(0, tables).Select(i => (ulong)(3 + i) * PageSize)]);
        for (int table = 0; table < tables; table++)
        {
            WriteTable(file, page, 0, [.. Enumerable.Range(table * EntriesPerTable, EntriesPerTable)
                .Select(i => dataBase + ((ulong)order[i] * PageSize))]);
        }

        for (int i = 0; i < pages; i++)
        {
            random.NextBytes(page);
            file.Write(page);
        }

        file.SetLength(file.Position + padding);
        return 0;
    }

    private static void WriteTable(FileStream file, byte[] page, int first, ReadOnlySpan<ulong> targets)
    {
        Array.Clear(page);
        for (int i = 0; i < targets.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan((first + i) * 8), targets[i] | Present);
        }

        file.Write(page);
    }
}
