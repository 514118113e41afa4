namespace ElfMmu.Paging;

/// <summary>
/// Decodes the entries of a radix tree's tables. Implemented by structs, so that the JIT compiles the walker once for each
/// format with the decoding inlined.
/// </summary>
public interface IRadixFormat
{
    /// <summary>The base-two logarithm of an entry's size in bytes: 2 or 3.</summary>
    static abstract int EntrySizeShift { get; }

    /// <summary>What a path from the root starts with, before any entry was read; the meaning is the format's own.</summary>
    ulong InitialState { get; }

    /// <summary>The most rights that a page below a path can have.</summary>
    /// <param name="state">What the path says.</param>
    (Rights User, Rights Supervisor) Allowed(ulong state);

    /// <summary>Decodes one entry.</summary>
    /// <param name="entry">The entry, zero-extended to 64 bits; never 0.</param>
    /// <param name="index">Its index in its table: where several entries make one page, it says which part of the page this is.</param>
    /// <param name="height">How many levels are below this one: 0 for the last level.</param>
    /// <param name="state">What the levels above said; for a table, what it says for those below is left in it.</param>
    /// <param name="target">The physical address of the table, or of what the entry's first byte maps to.</param>
    /// <param name="attributes">The leaf's attributes; nothing for other kinds.</param>
    EntryKind Decode(ulong entry, int index, int height, ref ulong state, out ulong target, out MappingAttributes attributes);
}
