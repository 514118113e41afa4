using ElfMmu.Elf.Symbols;

namespace ElfMmu.Elf.Hashing;

/// <summary>A hash table of a file's dynamic symbols: what is in it, how long its chains are, and whether every symbol is found by it.</summary>
public sealed class ElfHashTable : ElfItem
{
    internal ElfHashTable(ElfFile file)
        : base(file)
    {
    }

    /// <summary>Which of the two there are.</summary>
    public ElfHashKind Kind { get; internal init; }

    /// <summary>The name of its tag: DT_HASH or DT_GNU_HASH.</summary>
    public string KindName => Kind == ElfHashKind.Gnu ? "DT_GNU_HASH" : "DT_HASH";

    /// <summary>The index of its section; null where the dynamic section says where it is.</summary>
    public int? Section { get; internal init; }

    /// <summary>The name of its section; empty without one.</summary>
    public string SectionName { get; internal init; } = "";

    /// <summary>Its first byte in the input.</summary>
    public ulong Offset { get; internal init; }

    /// <summary>The bytes of a word of buckets and chains: 8 in DT_HASH of Alpha and of 64-bit S/390, else 4.</summary>
    public int EntrySize { get; internal init; }

    /// <summary>How many buckets it ought to have (nbucket).</summary>
    public ulong BucketCount { get; internal init; }

    /// <summary>How many words its chains have: one for each symbol (nchain), or each that can be found by DT_GNU_HASH.</summary>
    public ulong ChainCount { get; internal init; }

    /// <summary>The first symbol that can be found by DT_GNU_HASH (symoffset); null in DT_HASH.</summary>
    public ulong? FirstSymbol { get; internal init; }

    /// <summary>How many words the Bloom filter ought to have; null in DT_HASH.</summary>
    public ulong? BloomCount { get; internal init; }

    /// <summary>How far a hash is shifted for the second bit of the filter; null in DT_HASH.</summary>
    public int? BloomShift { get; internal init; }

    /// <summary>The share of the filter's bits that are set, from 0 to 1; null in DT_HASH. The smaller, the more lookups end there.</summary>
    public double? BloomFill { get; internal init; }

    /// <summary>The words of the Bloom filter, as far as they are there; none in DT_HASH.</summary>
    public IReadOnlyList<ulong> BloomWords { get; internal init; } = [];

    /// <summary>The buckets, as far as they are there: the first symbol of each chain, 0 for none.</summary>
    public IReadOnlyList<ulong> Buckets { get; internal init; } = [];

    /// <summary>
    /// The chains, as far as they are there. DT_HASH: the next symbol of each symbol, 0 at the end. DT_GNU_HASH: the hash of each from
    /// <see cref="FirstSymbol"/> on, its lowest bit set at the end of a chain.
    /// </summary>
    public IReadOnlyList<ulong> Chains { get; internal init; } = [];

    /// <summary>How many symbols are in its chains.</summary>
    public int SymbolCount { get; internal init; }

    /// <summary>The number of symbols in the longest chain.</summary>
    public int LongestChain => Histogram.Count > 0 ? Histogram[^1].Length : 0;

    /// <summary>How many buckets have chains of which length, from 0 to the longest; as <c>readelf -I</c> counts it.</summary>
    public IReadOnlyList<ElfHashLength> Histogram { get; internal init; } = [];

    /// <summary>How many symbols ought to be found by it: those its file defines and that aren't local.</summary>
    public int CheckedCount { get; internal init; }

    /// <summary>How many of them are found by looking their name up.</summary>
    public int FoundCount { get; internal init; }

    /// <summary>What is wrong with it, with the numbers.</summary>
    public IReadOnlyList<ElfDiagnostic> Problems { get; internal init; } = [];

    /// <summary>Whether nothing is wrong with it.</summary>
    public bool IsSound => Problems.Count == 0;

    internal ElfSymbolTable? Symbols { get; init; }

    /// <summary>
    /// Looks a name up as a loader does: by the filter, the bucket and its chain. O(length of the chain), which is cut at the number of symbols.
    /// </summary>
    /// <param name="name">The name, without a version.</param>
    /// <returns>The first symbol of that name in the chain, defined or not; null if there is none.</returns>
    public ElfSymbol? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(name);
        foreach (int index in new ElfHashLookup(this).Candidates(bytes))
        {
            if (Symbols!.NameBytes(Symbols[index]).SequenceEqual(bytes))
            {
                return Symbols.Symbol(index);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{KindName} {BucketCount} buckets, {SymbolCount} symbols";
}
