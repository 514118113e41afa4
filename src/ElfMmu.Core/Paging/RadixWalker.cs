using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ElfMmu.Paging;

/// <summary>
/// Walks one radix tree of page tables of any format. Tables are read in place; there is no allocation and no virtual call per
/// entry. O(tables visited), and no table is visited twice at the same level more often than the request's limits allow.
/// </summary>
internal sealed unsafe class RadixWalker<TFormat, TSink>
    where TFormat : struct, IRadixFormat
    where TSink : struct, IMappingSink
{
    private readonly WalkRequest _request;
    private readonly RadixTree<TFormat> _tree;
    private readonly TFormat _format;
    private readonly PagingLevel[] _levels;
    private readonly WalkSummary _summary;
    private readonly ulong[] _path;
    private readonly ulong[][] _visited;
    private readonly byte[][] _buffers;
    private readonly ulong _minimum;
    private readonly ulong _maximum;
    private readonly bool _swapped;
    private MappingEmitter<TSink> _emitter;
    private int _hint;
    private int _loops;
    private int _revisits;

    public RadixWalker(in RadixTree<TFormat> tree, WalkRequest request, WalkSummary summary)
    {
        _tree = tree;
        _request = request;
        _summary = summary;
        _format = tree.Format;
        _swapped = request.Options.ByteOrder == ByteOrder.Big;
        _levels = [.. tree.Levels];
        _path = new ulong[_levels.Length];
        _visited = new ulong[_levels.Length][];
        _buffers = new byte[_levels.Length][];
        for (int height = 0; height < _levels.Length; height++)
        {
            _visited[height] = new ulong[(request.Memory.PageCount + 63) / 64];
            _buffers[height] = GC.AllocateUninitializedArray<byte>(TableSize(height), pinned: true);
        }

        ulong within = _levels[0].Span - 1;
        _minimum = Math.Max(request.MinimumAddress & ~within, tree.First);
        _maximum = Math.Min(request.MaximumAddress | within, tree.Last);
    }

    /// <summary>Whether the top table is in the memory.</summary>
    public bool HasRoot => Fetch(Top, _tree.Root, out _) != null;

    private int Top => _levels.Length - 1;

    /// <summary>Walks the tree.</summary>
    /// <returns>False when the sink wants no more.</returns>
    public bool Run(ref MappingEmitter<TSink> emitter)
    {
        _emitter = emitter;
        bool more = Table(Top, _tree.Root, _tree.Base, _format.InitialState);
        emitter = _emitter;
        return more;
    }

    // A walk is over before the JIT would think of compiling it again with optimisation, so it is asked to at once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Table(int height, ulong table, ulong baseAddress, ulong state)
    {
        _request.Cancellation.ThrowIfCancellationRequested();
        byte* bytes = Fetch(height, table, out bool isWhole);
        if (!isWhole)
        {
            _summary.AddAbsentTable(table);
            if (bytes == null)
            {
                return true;
            }
        }

        if (!MayVisit(height, table, baseAddress))
        {
            return true;
        }

        _summary.Tables++;
        _path[height] = table;
        ref readonly PagingLevel level = ref _levels[height];
        ulong span = level.Span;
        for (int index = 0; index < level.EntryCount; index++)
        {
            ulong entry = TFormat.EntrySizeShift == 3 ? ((ulong*)bytes)[index] : ((uint*)bytes)[index];
            if (entry == 0)
            {
                continue;
            }

            if (_swapped)
            {
                entry = TFormat.EntrySizeShift == 3
                    ? BinaryPrimitives.ReverseEndianness(entry)
                    : BinaryPrimitives.ReverseEndianness((uint)entry);
            }

            ulong address = baseAddress + ((ulong)index << level.Shift);
            if (height == Top && _tree.SignExtended)
            {
                int unused = 64 - level.Shift - level.IndexBits;
                address = (ulong)((long)(address << unused) >> unused);
            }

            if (address > _maximum || address + (span - 1) < _minimum)
            {
                continue;
            }

            ulong below = state;
            EntryKind kind = _format.Decode(entry, index, height, ref below, out ulong target, out MappingAttributes attributes);
            if (kind <= EntryKind.Reserved)
            {
                _summary.ReservedEntries += kind == EntryKind.Reserved ? 1u : 0;
                continue;
            }

            bool more;
            if (kind == EntryKind.Leaf)
            {
                _summary.Leaves++;
                more = address >= _tree.First && address + (span - 1) <= _tree.Last
                    ? _emitter.Add(address, span, target, attributes)
                    : AddPart(address, span, target, attributes);
            }
            else
            {
                more = Table(height - 1, target, address, below);
            }

            if (!more)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Adds what the tree translates of a leaf that reaches beyond it.</summary>
    private bool AddPart(ulong address, ulong span, ulong target, MappingAttributes attributes)
    {
        ulong first = Math.Max(address, _tree.First);
        ulong last = Math.Min(address + (span - 1), _tree.Last);
        return _emitter.Add(first, last - first + 1, target + (first - address), attributes);
    }

    /// <summary>Keeps the walk bounded on tables that are shared or contain themselves.</summary>
    private bool MayVisit(int height, ulong table, ulong address)
    {
        ulong page = _request.Memory.PageIndex(table, _hint);
        ref ulong word = ref _visited[height][page >> 6];
        ulong bit = 1UL << (int)(page & 63);
        bool seen = (word & bit) != 0;
        word |= bit;

        for (int above = height + 1; above < _levels.Length; above++)
        {
            if (_path[above] == table && ++_loops > _request.LoopLimit)
            {
                throw new ElfMmuException(
                    "PageTableLoop",
                    ErrorKind.InvalidData,
                    $"The page tables contain themselves without end: the table at physical 0x{table:x} turns up below itself for "
                    + $"the {_loops}th time, at virtual 0x{address:x}. This isn't an address space; choose another root or mode.");
            }
        }

        // A table smaller than a frame shares its bit with its neighbours; that only spends the allowance sooner.
        if (seen && ++_revisits > _request.SharedTableLimit)
        {
            _summary.SkippedTables++;
            _summary.FirstSkippedAddress ??= address;
            return false;
        }

        return true;
    }

    /// <summary>A table in place, or what the dump has of it in a buffer, or null.</summary>
    private byte* Fetch(int height, ulong table, out bool isWhole)
    {
        byte* bytes = _request.Memory.Fetch(table, TableSize(height), Buffer(height), ref _hint);
        isWhole = bytes != null;
        return isWhole || !_request.Memory.FetchPart(table, TableSize(height), Buffer(height), ref _hint) ? bytes : Buffer(height);
    }

    private int TableSize(int height) => _levels[height].EntryCount << TFormat.EntrySizeShift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* Buffer(int height) => (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_buffers[height], 0);
}
