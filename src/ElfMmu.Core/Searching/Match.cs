namespace ElfMmu.Searching;

/// <summary>A place where a pattern was found.</summary>
/// <param name="Offset">Where it is in its window of physical addresses.</param>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Pattern">The number of the pattern.</param>
/// <param name="IsAt">Whether it is a hit at one virtual address only; else at every one that leads there.</param>
/// <param name="Virtual">That virtual address.</param>
internal readonly record struct Match(int Offset, int Length, int Pattern, bool IsAt, ulong Virtual);
