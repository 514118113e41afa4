namespace ElfMmu.Elf.Hashing;

/// <summary>The kinds of hash tables.</summary>
public enum ElfHashKind
{
    /// <summary>DT_HASH, of the gABI.</summary>
    SystemV,

    /// <summary>DT_GNU_HASH, with a Bloom filter.</summary>
    Gnu,
}
