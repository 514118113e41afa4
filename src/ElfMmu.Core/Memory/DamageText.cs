namespace ElfMmu.Memory;

/// <summary>Damage in words.</summary>
internal static class DamageText
{
    private const int MostNamed = 3;

    /// <summary>What is damaged in a memory, as far as anybody has read, with the places of the first ones; null where nothing is.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="outcome">What became of it, such as <c>is left out</c>.</param>
    public static string? Of(PhysicalMemory memory, string outcome)
    {
        DamageLog[] logs = [.. memory.Damage];
        int count = logs.Sum(l => l.Count);
        if (count == 0)
        {
            return null;
        }

        DamagedBlock[] first = [.. logs.SelectMany(l => l.First).OrderBy(d => d.FileOffset).Take(MostNamed)];
        string named = string.Join("; ", first.Select(d => $"{d.Size} bytes{Where(memory, d)}, packed at offset 0x{d.FileOffset:x}: {d.Reason}"));
        string more = count > first.Length ? $"; and {count - first.Length} more" : "";
        return $"{count} {(count == 1 ? "block" : "blocks")} of '{first[0].Source}' can't be unpacked, and what {(count == 1 ? "it holds" : "they hold")} "
            + $"{outcome}: {named}{more}.";
    }

    private static string Where(PhysicalMemory memory, DamagedBlock block)
    {
        foreach (PhysicalRun run in memory.Runs)
        {
            if (run.Source.Damage?.Contains(block.Offset) == true && block.Offset < run.Offset + run.Size && run.Offset < block.Offset + (ulong)block.Size)
            {
                return $" at physical 0x{run.Start + Math.Max(block.Offset, run.Offset) - run.Offset:x}";
            }
        }

        return "";
    }
}
