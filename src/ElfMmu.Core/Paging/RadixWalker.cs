using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ElfMmu.Paging;

/// <summary>
/// Walks a radix tree of page tables of any format. Tables are read in place; there is no allocation and no virtual call per
/// entry. O(tables visited), and no table is visited twice at the same level more often than the request's limits allow.
/// </summary>
internal sealed unsafe class RadixWalker<TFormat, TSink>
    where TFormat : struct, IRadixFormat
    where TSink : struct, IMappingSink
{
    private readonly RadixMode<TFormat> _mode;
    private readonly WalkRequest _request;
    private readonly TFormat _format;
    private readonly PagingLevel[] _levels;
    private readonly WalkSummary _summary = new();
    private readonly ulong[] _path;
    private readonly ulong[][] _visited;
    private readonly byte[][] _buffers;
    private readonly ulong _minimum;
    private readonly ulong _maximum;
    private MappingEmitter<TSink> _emitter;
    private int _hint;
    private int _loops;
    private int _revisits;

    public RadixWalker(RadixMode<TFormat> mode, WalkRequest request)
    {
        _mode = mode;
        _request = request;
        _format = mode.Format(request.Options);
        _levels = [.. mode.Levels];
        _path = new ulong[_levels.Length];
        _visited = new ulong[_levels.Length][];
        _buffers = new byte[_levels.Length][];
        for (int height = 0; height < _levels.Length; height++)
        {
            _visited[height] = new ulong[(request.Memory.PageCount + 63) / 64];
            _buffers[height] = GC.AllocateUninitializedArray<byte>(TableSize(height), pinned: true);
        }

        ulong granule = mode.Granule;
        _minimum = request.MinimumAddress & ~(granule - 1);
        _maximum = request.MaximumAddress | (granule - 1);
    }

    public WalkSummary Run(ref TSink sink)
    {
        _emitter = new MappingEmitter<TSink>(_request, _minimum, _maximum, ref sink);
        ulong root = _mode.DecodeRoot(_request.Root);
        int top = _levels.Length - 1;
        if (_request.Memory.Fetch(root, TableSize(top), Buffer(top), ref _hint) == null)
        {
            throw new ElfMmuException(
                "RootNotInDump",
                ErrorKind.InvalidArgument,
                $"The top table at physical 0x{root:x} isn't in the dump's memory ({Describe()}). Check the root, and the RAM base "
                + "of a raw image.");
        }

        _summary.Stopped = !Table(top, root, 0, _format.InitialState) || !_emitter.Flush();
        sink = _emitter.Sink;
        return _summary;
    }

    // A walk is over before the JIT would think of compiling it again with optimisation, so it is asked to at once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Table(int height, ulong table, ulong baseAddress, ulong state)
    {
        _request.Cancellation.ThrowIfCancellationRequested();
        byte* bytes = _request.Memory.Fetch(table, TableSize(height), Buffer(height), ref _hint);
        if (bytes == null)
        {
            _summary.AbsentTables++;
            _summary.FirstAbsentTable ??= table;
            return true;
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

            ulong address = baseAddress + ((ulong)index << level.Shift);
            if (height == _levels.Length - 1 && _mode.SignExtended)
            {
                int unused = 64 - _mode.VirtualAddressBits;
                address = (ulong)((long)(address << unused) >> unused);
            }

            if (address > _maximum || address + (span - 1) < _minimum)
            {
                continue;
            }

            ulong below = state;
            EntryKind kind = _format.Decode(entry, height, ref below, out ulong target, out MappingAttributes attributes);
            if (kind <= EntryKind.Reserved)
            {
                _summary.ReservedEntries += kind == EntryKind.Reserved ? 1u : 0;
                continue;
            }

            bool more;
            if (kind == EntryKind.Leaf)
            {
                _summary.Leaves++;
                more = _emitter.Add(address, span, target, attributes);
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

    private int TableSize(int height) => _levels[height].EntryCount << TFormat.EntrySizeShift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* Buffer(int height) => (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_buffers[height], 0);

    private string Describe()
    {
        var runs = _request.Memory.Runs;
        string listed = string.Join(", ", runs.Take(4).Select(r => $"0x{r.Start:x}-0x{r.Last:x}"));
        return runs.Count > 4 ? $"{listed}, and {runs.Count - 4} more runs" : listed.Length == 0 ? "which is empty" : listed;
    }
}
