namespace ElfMmu.Conversion;

/// <summary>A stretch of physical memory.</summary>
/// <param name="Start">The first physical address.</param>
/// <param name="Size">The length in bytes, at least 1.</param>
internal readonly record struct MemoryPiece(ulong Start, ulong Size)
{
    /// <summary>The last physical address.</summary>
    public ulong Last => Start + Size - 1;

    /// <summary>The runs of a memory, ascending; those that touch are one. O(runs).</summary>
    public static List<MemoryPiece> Of(Memory.PhysicalMemory memory)
    {
        var pieces = new List<MemoryPiece>();
        foreach (Memory.PhysicalRun run in memory.Runs)
        {
            if (pieces.Count > 0 && pieces[^1] is var last && last.Start + last.Size == run.Start && run.Start != 0)
            {
                pieces[^1] = last with { Size = last.Size + run.Size };
            }
            else
            {
                pieces.Add(new MemoryPiece(run.Start, run.Size));
            }
        }

        return pieces;
    }
}
