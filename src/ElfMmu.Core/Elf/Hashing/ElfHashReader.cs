using System.Numerics;
using ElfMmu.Elf.Symbols;

namespace ElfMmu.Elf.Hashing;

/// <summary>Reads a hash table and checks it. Every word is looked at once, so a chain that runs in circles costs nothing. O(words and names).</summary>
internal sealed class ElfHashReader
{
    private const int MostProblems = 100;
    private const int LongestListed = 1000;

    private readonly ElfFile _file;
    private readonly int? _section;
    private readonly ulong _offset;
    private readonly byte[] _bytes;
    private readonly ElfSymbolTable? _symbols;
    private readonly bool _big;
    private readonly List<ElfDiagnostic> _problems = [];

    public ElfHashReader(ElfFile file, int? section, ulong offset, byte[] bytes, ElfSymbolTable? symbols)
    {
        _file = file;
        _section = section;
        _offset = offset;
        _bytes = bytes;
        _symbols = symbols;
        _big = file.Header.Data == ElfData.BigEndian;
    }

    private string SectionName => _section is { } index ? _file.SectionName(index) : "";

    public ElfHashTable Read(ElfHashKind kind)
    {
        if (_symbols == null)
        {
            Problem("HashWithoutSymbols", "There are no dynamic symbols that belong to the table.");
        }

        return kind == ElfHashKind.Gnu ? Gnu() : SystemV();
    }

    private ElfHashTable SystemV()
    {
        int size = ElfDynamicSymbols.HasWideHash(_file.Header) ? 8 : 4;
        var words = new ElfHashWords(_bytes, size, _big);
        ulong buckets = words.Count > 1 ? words[0] : 0;
        ulong chains = words.Count > 1 ? words[1] : 0;
        ElfHashWords heads = words.Slice(2, buckets);
        ElfHashWords next = words.Slice(buckets > int.MaxValue ? ulong.MaxValue : 2 + buckets, chains);
        CheckSize((ulong)size * 2, buckets == (ulong)heads.Count && chains == (ulong)next.Count,
            $"{buckets} buckets and {chains} words of chains of {size} bytes each");
        if (_symbols != null && chains != (ulong)_symbols.Count)
        {
            Problem("HashChainCount", $"nchain is {chains}, and there are {_symbols.Count} symbols.");
        }

        int[] bucketOf = new int[next.Count];
        int[] lengths = new int[heads.Count];
        for (int bucket = 0; bucket < heads.Count; bucket++)
        {
            ulong from = heads[bucket];
            for (ulong symbol = from; symbol != 0; symbol = next[(int)symbol])
            {
                if (symbol >= (ulong)next.Count)
                {
                    Problem("HashIndexOutside", $"The chain of bucket {bucket} leads to symbol {symbol}, and the table has {next.Count}.");
                    break;
                }

                if (bucketOf[symbol] != 0)
                {
                    Problem("HashChainLoops", $"The chain of bucket {bucket} comes to symbol {symbol}, which is in the chain of bucket {bucketOf[symbol] - 1} already.");
                    break;
                }

                bucketOf[symbol] = bucket + 1;
                lengths[bucket]++;
            }
        }

        (int expected, int found) = Check(0, (index, name) =>
        {
            uint bucket = heads.Count == 0 ? 0 : ElfSymbolHash.SystemV(name) % (uint)heads.Count;
            return InBucket(index, index < bucketOf.Length ? bucketOf[index] - 1 : -1, bucket);
        });
        return new ElfHashTable(_file)
        {
            Kind = ElfHashKind.SystemV,
            Section = _section,
            SectionName = SectionName,
            Offset = _offset,
            EntrySize = size,
            BucketCount = buckets,
            ChainCount = chains,
            Buckets = heads,
            Chains = next,
            SymbolCount = lengths.Sum(),
            Histogram = Histogram(lengths),
            CheckedCount = expected,
            FoundCount = found,
            Problems = _problems,
            Symbols = _symbols,
        };
    }

    private ElfHashTable Gnu()
    {
        int wide = _file.Header.Class == ElfClass.Elf64 ? 8 : 4;
        var words = new ElfHashWords(_bytes, 4, _big);
        bool hasHeader = words.Count >= 4;
        ulong buckets = hasHeader ? words[0] : 0;
        ulong first = hasHeader ? words[1] : 0;
        ulong filters = hasHeader ? words[2] : 0;
        ulong shift = hasHeader ? words[3] : 0;
        ElfHashWords filter = words.Resize(16, filters, wide);
        ulong start = 16 + (filters * (ulong)wide);
        ElfHashWords heads = words.Resize(start, buckets, 4);
        ElfHashWords rest = words.Resize(start + (buckets * 4), ulong.MaxValue, 4);
        ulong expectedWords = _section == null ? ChainWords(heads, rest, first) : (ulong)rest.Count;
        ElfHashWords chain = rest.Slice(0, expectedWords);
        CheckSize(16, hasHeader && filters == (ulong)filter.Count && buckets == (ulong)heads.Count,
            $"{filters} words of {wide} bytes and {buckets} buckets");
        if (filters == 0 || !BitOperations.IsPow2(filters))
        {
            Problem("HashBloomSize", $"The filter has {filters} words, and their number must be a power of two.");
        }

        if (_symbols != null && _section != null && first + (ulong)chain.Count != (ulong)_symbols.Count && chain.Count > 0)
        {
            Problem("HashChainCount", $"The chains have {chain.Count} words from symbol {first} on, and there are {_symbols.Count} symbols.");
        }

        int[] bucketOf = new int[chain.Count];
        int[] lengths = new int[heads.Count];
        for (int bucket = 0; bucket < heads.Count; bucket++)
        {
            ulong symbol = heads[bucket];
            if (symbol == 0)
            {
                continue;
            }

            for (bool ends = false; !ends; symbol++)
            {
                if (symbol < first || symbol - first >= (ulong)chain.Count)
                {
                    Problem("HashIndexOutside",
                        $"The chain of bucket {bucket} comes to symbol {symbol}, and the table has those from {first} to {first + (ulong)chain.Count - 1}.");
                    break;
                }

                int at = (int)(symbol - first);
                if (bucketOf[at] != 0)
                {
                    Problem("HashChainLoops", $"The chain of bucket {bucket} comes to symbol {symbol}, which is in the chain of bucket {bucketOf[at] - 1} already.");
                    break;
                }

                bucketOf[at] = bucket + 1;
                lengths[bucket]++;
                ends = (chain[at] & 1) != 0;
            }
        }

        (int expected, int found) = Check(chain.Count == 0 ? 0 : first, (index, name) =>
        {
            uint hash = ElfSymbolHash.Gnu(name);
            int at = (int)Math.Min((ulong)index - Math.Min(first, (ulong)index), int.MaxValue);
            bool inTable = (ulong)index >= first && at < bucketOf.Length;
            bool ok = InBucket(index, inTable ? bucketOf[at] - 1 : -1, heads.Count == 0 ? 0 : hash % (uint)heads.Count);
            if (inTable && ((uint)chain[at] | 1) != (hash | 1))
            {
                Problem("HashValue", $"Symbol {index} has the hash 0x{hash:x8}, and the table says 0x{chain[at]:x8}.");
                ok = false;
            }

            if (inTable && !ElfHashLookup.Passes(filter, wide * 8, (int)shift, hash))
            {
                Problem("HashBloomBit", $"The filter says that symbol {index} with the hash 0x{hash:x8} isn't there.");
                ok = false;
            }

            return ok;
        });
        return new ElfHashTable(_file)
        {
            Kind = ElfHashKind.Gnu,
            Section = _section,
            SectionName = SectionName,
            Offset = _offset,
            EntrySize = 4,
            BucketCount = buckets,
            ChainCount = (ulong)chain.Count,
            FirstSymbol = first,
            BloomCount = filters,
            BloomShift = (int)Math.Min(shift, int.MaxValue),
            BloomFill = filter.Count == 0 ? 0 : filter.Sum(w => BitOperations.PopCount(w)) / (filter.Count * wide * 8.0),
            BloomWords = filter,
            Buckets = heads,
            Chains = chain,
            SymbolCount = lengths.Sum(),
            Histogram = Histogram(lengths),
            CheckedCount = expected,
            FoundCount = found,
            Problems = _problems,
            Symbols = _symbols,
        };
    }

    /// <summary>Where no section says how long the chains are: up to the end of the last one.</summary>
    private static ulong ChainWords(ElfHashWords heads, ElfHashWords rest, ulong first)
    {
        ulong last = 0;
        for (int i = 0; i < heads.Count; i++)
        {
            last = Math.Max(last, heads[i]);
        }

        if (last < first || last == 0)
        {
            return 0;
        }

        ulong at = last - first;
        while (at < (ulong)rest.Count && (rest[(int)at] & 1) == 0)
        {
            at++;
        }

        return at + 1;
    }

    private bool InBucket(int symbol, int bucket, uint expected)
    {
        if (bucket == (int)expected)
        {
            return true;
        }

        Problem("HashNotFound", bucket < 0
            ? $"Symbol {symbol} isn't in any chain; it ought to be in that of bucket {expected}."
            : $"Symbol {symbol} is in the chain of bucket {bucket}; it ought to be in that of bucket {expected}.");
        return false;
    }

    /// <summary>Looks every symbol up that ought to be found; names of more than 256 MiB together, which overlap, aren't all looked up.</summary>
    private (int Expected, int Found) Check(ulong first, NameCheck isFound)
    {
        long left = 256 << 20;
        int expected = 0;
        int found = 0;
        for (int i = 1; _symbols != null && i < _symbols.Count; i++)
        {
            ElfSymbolEntry entry = _symbols[i];
            if (!entry.IsDefined || entry.Binding == ElfSymbolBinding.Local)
            {
                // The linker puts those that can't be found in front, and every one behind it is found.
                if (first == 0 || (ulong)i < first)
                {
                    continue;
                }
            }

            ReadOnlySpan<byte> name = _symbols.NameBytes(entry);
            left -= name.Length;
            if (left < 0)
            {
                Problem("HashNotChecked", $"The names of the symbols overlap; from symbol {i} on they weren't looked up.");
                break;
            }

            expected++;
            found += isFound(i, name) ? 1 : 0;
        }

        return (expected, found);
    }

    private static IReadOnlyList<ElfHashLength> Histogram(int[] lengths)
    {
        if (lengths.Length == 0)
        {
            return [];
        }

        int[] counts = new int[lengths.Max() + 1];
        foreach (int length in lengths)
        {
            counts[length]++;
        }

        double all = Math.Max(1, lengths.Sum());
        List<ElfHashLength> histogram = [];
        long covered = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            // Only a hostile table has longer chains, and lengths that no bucket has would be millions.
            if (i < LongestListed || counts[i] > 0)
            {
                covered += (long)i * counts[i];
                histogram.Add(new ElfHashLength(i, counts[i], counts[i] / (double)lengths.Length, covered / all));
            }
        }

        return histogram;
    }

    private void CheckSize(ulong header, bool fits, string what)
    {
        if ((ulong)_bytes.Length < header)
        {
            Problem("HashTableCut", $"The table has 0x{_bytes.Length:x} bytes, and its header alone 0x{header:x}.");
        }
        else if (!fits)
        {
            Problem("HashTableCut", $"The table ought to have {what}, and only 0x{_bytes.Length:x} bytes are there.");
        }
    }

    private void Problem(string id, string message)
    {
        if (_problems.Count < MostProblems)
        {
            _problems.Add(new ElfDiagnostic(id, $"{(_section is { } s ? $"Hash table in section {s} ('{SectionName}')" : "Hash table")} at 0x{_offset:x}: {message}")
            {
                Offset = _offset,
                Section = _section,
            });
        }
    }

    private delegate bool NameCheck(int index, ReadOnlySpan<byte> name);
}
