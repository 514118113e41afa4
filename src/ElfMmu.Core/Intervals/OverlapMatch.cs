namespace ElfMmu.Intervals;

/// <summary>A part of an interval that leads to targets that were looked for.</summary>
/// <param name="Interval">The addresses.</param>
/// <param name="Target">What the first of them leads to.</param>
/// <param name="Position">The place of the whole interval among those that the index was made of, from 0.</param>
public readonly record struct OverlapMatch(Interval Interval, ulong Target, int Position);
