using System.Runtime.CompilerServices;

namespace ElfMmu.Paging;

/// <summary>A tree with what it takes to find the entry of a single address in it.</summary>
/// <typeparam name="TFormat">The format of the entries.</typeparam>
internal readonly struct RadixSpan<TFormat>
    where TFormat : struct, IRadixFormat
{
    /// <summary>The decoder of the entries.</summary>
    public readonly TFormat Format;

    /// <summary>The levels, the last one first.</summary>
    public readonly PagingLevel[] Levels;

    /// <summary>The physical address of the top table.</summary>
    public readonly ulong Root;

    /// <summary>How many low bits of an address the table of the last level translates: those above it lead there.</summary>
    public readonly int PrefixShift;

    /// <summary>The same of the level above the last one.</summary>
    public readonly int UpperShift;

    /// <summary>The base-two logarithm of what an entry of the last level spans.</summary>
    public readonly int LastShift;

    /// <summary>The highest index in a table of the last level.</summary>
    public readonly int LastMask;

    private readonly ulong _base;
    private readonly ulong _first;
    private readonly ulong _last;
    private readonly ulong _within;
    private readonly int _unused;
    private readonly bool _signExtended;

    /// <summary>Takes a tree.</summary>
    public RadixSpan(in RadixTree<TFormat> tree)
    {
        Format = tree.Format;
        Levels = [.. tree.Levels];
        Root = tree.Root;
        PagingLevel top = Levels[^1];
        int bits = top.Shift + top.IndexBits;
        PrefixShift = Levels[0].Shift + Levels[0].IndexBits;
        UpperShift = Levels.Length == 1 ? PrefixShift : Levels[1].Shift + Levels[1].IndexBits;
        LastShift = Levels[0].Shift;
        LastMask = Levels[0].EntryCount - 1;
        _base = tree.Base;
        _first = tree.First;
        _last = tree.Last;
        _unused = 64 - bits;
        _within = ulong.MaxValue >> _unused;
        _signExtended = tree.SignExtended;
    }

    /// <summary>How many levels are below the top one.</summary>
    public int Top => Levels.Length - 1;

    /// <summary>Where the tree's first entry stands.</summary>
    public ulong Base => _base;

    /// <summary>Whether the tree translates an address, and how far behind its first entry the address stands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPlace(ulong address, out ulong offset)
    {
        offset = address - _base;
        if (_signExtended)
        {
            bool canonical = (ulong)((long)(offset << _unused) >> _unused) == offset;
            offset &= _within;
            return canonical;
        }

        return offset <= _within && address >= _first && address <= _last;
    }

    /// <summary>The address of a place in the tree.</summary>
    public ulong AddressOf(ulong offset) =>
        _signExtended ? (ulong)((long)(offset << _unused) >> _unused) : _base + offset;

    /// <summary>The size of a table in bytes.</summary>
    public int TableSize(int height) => Levels[height].EntryCount << TFormat.EntrySizeShift;

    /// <summary>The index of an address's entry in its table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Index(ulong offset, int height)
    {
        ref readonly PagingLevel level = ref Levels[height];
        return (int)(offset >> level.Shift) & ((1 << level.IndexBits) - 1);
    }
}
