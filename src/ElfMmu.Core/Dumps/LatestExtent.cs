namespace ElfMmu.Dumps;

/// <summary>A part of a range that no later one covers.</summary>
/// <param name="Start">Where it starts.</param>
/// <param name="End">Where it ends, behind its last byte or page.</param>
/// <param name="Range">The number of the range.</param>
internal readonly record struct LatestExtent(ulong Start, ulong End, int Range);
