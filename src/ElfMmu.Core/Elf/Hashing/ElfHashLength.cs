namespace ElfMmu.Elf.Hashing;

/// <summary>How many buckets have chains of one length.</summary>
/// <param name="Length">The number of symbols in the chain.</param>
/// <param name="Count">The number of buckets.</param>
/// <param name="Share">Their share of all buckets, from 0 to 1.</param>
/// <param name="Coverage">The share of the symbols that are in chains of this length or a shorter one.</param>
public sealed record ElfHashLength(int Length, int Count, double Share, double Coverage);
