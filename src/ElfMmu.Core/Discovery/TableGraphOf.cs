using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Discovery;

/// <inheritdoc/>
internal sealed unsafe class TableGraph<TFormat> : TableGraph
    where TFormat : struct, IRadixFormat
{
    // What an entry that can't be right takes away, in bits; what one gives that maps memory, above the last level and in it.
    private const double BadEntry = 6;
    private const double LargeLeaf = 1;
    private const double SmallLeaf = 0.1;
    private const double MostOfLeaves = 10;

    private readonly TFormat _format;
    private readonly byte[][] _buffers;
    private readonly Dictionary<(ulong Address, int Height, ulong State), TreeSummary> _summaries = [];
    private readonly int _mostSummaries;

    public TableGraph(
        TFormat format, PhysicalMemory memory, PhysicalMap map, TableScan scan, FrameBits zeros, TableFamily family)
        : base(memory, map, scan, zeros, family)
    {
        _format = format;
        _buffers = [.. family.Levels.Select((_, height) => GC.AllocateUninitializedArray<byte>(TableSize(height), pinned: true))];
        _mostSummaries = (int)Math.Clamp(memory.PageCount / 64, 4096, int.MaxValue / 2);
    }

    /// <inheritdoc/>
    public override int TableSize(int height) => Family.Levels[height].EntryCount << TFormat.EntrySizeShift;

    /// <inheritdoc/>
    public override void Close(CancellationToken cancellation)
    {
        for (int height = 0; height < Tables.Length && (height == 0 || TableSize(height) == 1 << Scan.DirectoryShift); height++)
        {
            int entries = Family.Levels[height].EntryCount;
            ulong tables = 0;
            foreach ((ulong index, ulong address) in Addresses(height == 0 ? Scan.Last : Scan.Directory))
            {
                cancellation.ThrowIfCancellationRequested();
                TableContent content = Read(address, height, entries);
                if (IsTable(content, height))
                {
                    Tables[height].Set(index);
                    tables++;
                }
                else if (content is { Good: 0, Bad: 0, Outside: 0, Empty: > 0 })
                {
                    Hollow[height].Set(index);
                }
            }

            double places = (double)(Memory.PageCount << Tables[height].PartShift) / Math.Max(1, TableSize(height) >> TableScan.FrameShift);
            Surprise[height] = Math.Max(0, Math.Log2((places + 1) / (tables + 1))) + Family.AlignmentBits;
            if (height > 0)
            {
                foreach ((_, ulong address) in Addresses(Tables[height]))
                {
                    Refer(address, height, entries);
                }
            }
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override TableContent Read(ulong address, int height, int entries)
    {
        TableContent content = default;
        int hint = 0;
        int data = 0;
        int child = 0;
        byte* bytes = Fetch(address, height, entries, ref hint);
        if (bytes == null)
        {
            content.Bad = 1;
            return content;
        }

        for (int i = 0; i < entries; i++)
        {
            ulong entry = Entry(bytes, i);
            if (entry == 0)
            {
                continue;
            }

            ulong state = _format.InitialState;
            switch (_format.Decode(entry, i, height, ref state, out ulong target, out MappingAttributes attributes))
            {
                case EntryKind.Leaf when (entry & Family.LeafClear(height)) != 0:
                    content.Bad++;
                    break;
                case EntryKind.Leaf when height > 0 && Family.NeedsAccessed && !attributes.Accessed:
                    content.Outside++;
                    break;
                case EntryKind.Leaf when Map.Lookup(target, ref data, out _) != RegionKind.Absent:
                    content.Leaves++;
                    break;
                case EntryKind.Leaf:
                    content.Outside++;
                    break;
                case EntryKind.Table:
                    Count(target, height - 1, ref child, ref content);
                    break;
                case EntryKind.Reserved:
                case EntryKind.Invalid when height > 0:
                    content.Bad++;
                    break;
            }
        }

        return content;
    }

    /// <inheritdoc/>
    public override TreeSummary Summarize(ulong address, int height, int entries) =>
        Summarize(address, height, entries, _format.InitialState);

    /// <inheritdoc/>
    public override IReadOnlyList<TopEntry> TopEntries(ulong address, RootShape shape)
    {
        var found = new List<TopEntry>();
        int hint = 0;
        byte* bytes = Fetch(address, shape.Height, shape.Entries, ref hint);
        for (int i = 0; bytes != null && i < shape.Entries; i++)
        {
            TreeSummary summary = default;
            ulong entry = Entry(bytes, i);
            if (entry != 0 && Add(entry, i, shape.Height, _format.InitialState, ref summary) is { } target)
            {
                found.Add(new TopEntry(i, target, summary));
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public override void Mark(ulong address, int height, int entries, FrameBits frames, FrameBits[] seen)
    {
        int hint = 0;
        byte* bytes = Fetch(address, height, entries, ref hint);
        if (bytes == null || !TryIndex(address, frames, ref hint, out ulong frame))
        {
            return;
        }

        for (int i = 0; i << TableScan.FrameShift < entries << TFormat.EntrySizeShift; i++)
        {
            frames.Set(frame + (ulong)i);
        }

        int child = 0;
        for (int i = 0; height > 0 && i < entries; i++)
        {
            ulong entry = Entry(bytes, i);
            ulong state = _format.InitialState;
            if (entry != 0
                && _format.Decode(entry, i, height, ref state, out ulong target, out _) == EntryKind.Table
                && TryIndex(target, Tables[height - 1], ref child, out ulong index)
                && Tables[height - 1][index]
                && !seen[height - 1][index])
            {
                seen[height - 1].Set(index);
                Mark(target, height - 1, Family.Levels[height - 1].EntryCount, frames, seen);
            }
        }
    }

    /// <inheritdoc/>
    public override ulong[] Pointers(ulong address)
    {
        var pointers = new SortedSet<ulong>();
        int hint = 0;
        byte* bytes = Fetch(address, 1, Family.Levels[1].EntryCount, ref hint);
        for (int i = 0; bytes != null && i < Family.Levels[1].EntryCount; i++)
        {
            ulong entry = Entry(bytes, i);
            ulong state = _format.InitialState;
            if (entry != 0 && _format.Decode(entry, i, 1, ref state, out ulong target, out _) == EntryKind.Table)
            {
                pointers.Add(target);
            }
        }

        return [.. pointers];
    }

    /// <inheritdoc/>
    public override IEnumerable<ulong> SmallTops(RootShape shape, PointerScan pointers, CancellationToken cancellation)
    {
        ulong size = (ulong)shape.Entries << TFormat.EntrySizeShift;
        foreach ((_, ulong frame) in Tables[shape.Height - 1].Indexes().Any() ? Addresses(pointers.Frames) : [])
        {
            cancellation.ThrowIfCancellationRequested();
            for (ulong within = 0; within < 0x1000; within += size)
            {
                if ((frame & (size - 1)) < 0x1000 && MayBeTop(frame + within, shape))
                {
                    yield return frame + within;
                }
            }
        }
    }

    /// <inheritdoc/>
    public override bool IsIdentity(ulong address, RootShape shape) =>
        FirstLeaf(address, shape.Height, shape.Entries, 0) is { } first && first.Virtual == first.Physical;

    private (ulong Virtual, ulong Physical)? FirstLeaf(ulong address, int height, int entries, ulong virtualAddress)
    {
        int hint = 0;
        byte* bytes = Fetch(address, height, entries, ref hint);
        for (int i = 0; bytes != null && i < entries; i++)
        {
            ulong entry = Entry(bytes, i);
            ulong state = _format.InitialState;
            ulong at = virtualAddress + ((ulong)i << Family.Levels[height].Shift);
            ulong target = 0;
            EntryKind kind = entry == 0 ? EntryKind.Invalid : _format.Decode(entry, i, height, ref state, out target, out _);
            if (kind == EntryKind.Leaf)
            {
                return (at, target);
            }

            if (kind == EntryKind.Table && FirstLeaf(target, height - 1, Family.Levels[height - 1].EntryCount, at) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private bool MayBeTop(ulong address, RootShape shape)
    {
        int hint = 0;
        int child = 0;
        byte* bytes = Fetch(address, shape.Height, shape.Entries, ref hint);
        int good = 0;
        for (int i = 0; bytes != null && i < shape.Entries; i++)
        {
            ulong entry = Entry(bytes, i);
            if (entry == 0)
            {
                continue;
            }

            ulong state = _format.InitialState;
            if ((entry & shape.Clear) != 0
                || _format.Decode(entry, i, shape.Height, ref state, out ulong target, out _) != EntryKind.Table
                || !TryIndex(target, Tables[shape.Height - 1], ref child, out ulong index))
            {
                return false;
            }

            good += Tables[shape.Height - 1][index] ? 1 : 0;
            if (good == 0 && !Zeros[index])
            {
                return false;
            }
        }

        return good > 0;
    }

    /// <summary>Whether what stands in a table speaks for one. Some of what is wrong in real ones is there on purpose, some is stale.</summary>
    private static bool IsTable(in TableContent content, int height) =>
        content.Good > 0 && content.Bad + (height == 0 ? content.Outside : 0) <= content.Good;

    private void Count(ulong target, int height, ref int hint, ref TableContent content)
    {
        FrameBits tables = Tables[height];
        if (!TryIndex(target, tables, ref hint, out ulong index))
        {
            content.Bad++;
        }
        else if (tables[index])
        {
            content.Children++;
        }
        else if (Zeros[index >> tables.PartShift] || Hollow[height][index] || MapsNothing(target, height))
        {
            content.Empty++;
        }
        else
        {
            content.Bad++;
        }
    }

    /// <summary>Whether no entry of a table is in use; what stands in them then is the operating system's own.</summary>
    private bool MapsNothing(ulong address, int height)
    {
        int hint = 0;
        int entries = Family.Levels[height].EntryCount;
        byte* bytes = Fetch(address, height, entries, ref hint);
        for (int i = 0; bytes != null && i < entries; i++)
        {
            ulong entry = Entry(bytes, i);
            ulong state = _format.InitialState;
            if (entry != 0 && _format.Decode(entry, i, height, ref state, out _, out _) != EntryKind.Invalid)
            {
                return false;
            }
        }

        return bytes != null;
    }

    private void Refer(ulong address, int height, int entries)
    {
        int hint = 0;
        int child = 0;
        byte* bytes = Fetch(address, height, entries, ref hint);
        for (int i = 0; bytes != null && i < entries; i++)
        {
            ulong entry = Entry(bytes, i);
            ulong state = _format.InitialState;
            if (entry != 0
                && _format.Decode(entry, i, height, ref state, out ulong target, out _) == EntryKind.Table
                && TryIndex(target, Tables[height - 1], ref child, out ulong index))
            {
                Referenced[height - 1].Set(index);
            }
        }
    }

    /// <summary>Each table is read once for each way its rights are limited above it, as far as there is room to remember.</summary>
    private TreeSummary Summarize(ulong address, int height, int entries, ulong state)
    {
        if (height > 0 && _summaries.TryGetValue((address, height, state), out TreeSummary known))
        {
            return known;
        }

        int hint = 0;
        var summary = new TreeSummary { Tables = 1 };
        byte* bytes = Fetch(address, height, entries, ref hint);
        if (bytes == null)
        {
            return default;
        }

        double leaves = 0;
        for (int i = 0; i < entries; i++)
        {
            ulong entry = Entry(bytes, i);
            if (entry != 0)
            {
                ulong before = summary.Leaves;
                Add(entry, i, height, state, ref summary);
                leaves += height == 0 && summary.Leaves > before ? SmallLeaf : 0;
            }
        }

        summary.Evidence += Math.Min(leaves, MostOfLeaves);
        if (height > 0 && _summaries.Count < _mostSummaries)
        {
            _summaries[(address, height, state)] = summary;
        }

        return summary;
    }

    /// <summary>Adds what an entry leads to.</summary>
    /// <returns>Where it leads; null for nowhere.</returns>
    private ulong? Add(ulong entry, int index, int height, ulong state, ref TreeSummary summary)
    {
        EntryKind kind = _format.Decode(entry, index, height, ref state, out ulong target, out MappingAttributes attributes);
        switch (kind)
        {
            case EntryKind.Leaf when (entry & Family.LeafClear(height)) != 0:
                summary.Bad++;
                summary.Evidence -= BadEntry;
                return null;
            case EntryKind.Leaf:
                AddLeaf(target, Family.Levels[height].Span, height, attributes, ref summary);
                return target;
            case EntryKind.Table:
                TableContent content = default;
                int hint = 0;
                Count(target, height - 1, ref hint, ref content);
                if (content.Bad == 0)
                {
                    summary.Good++;
                    summary.Evidence += content.Children * Surprise[height - 1];
                    summary.Add(Summarize(target, height - 1, Family.Levels[height - 1].EntryCount, state));
                    return target;
                }

                summary.Bad++;
                summary.Evidence -= BadEntry;
                return null;
            case EntryKind.Reserved:
            case EntryKind.Invalid when height > 0:
                summary.Bad++;
                summary.Evidence -= height > 0 ? BadEntry : 0;
                return null;
            default:
                return null;
        }
    }

    private void AddLeaf(ulong target, ulong size, int height, MappingAttributes attributes, ref TreeSummary summary)
    {
        int hint = 0;
        ulong known = 0;
        for (ulong done = 0; done < size;)
        {
            RegionKind kind = Map.Lookup(target + done, ref hint, out ulong last);
            ulong part = Math.Min(last - (target + done), size - done - 1) + 1;
            known += kind == RegionKind.Absent ? 0 : part;
            done += part;
        }

        if (known == 0)
        {
            return;
        }

        bool speaks = height > 0 && (attributes.Accessed || !Family.NeedsAccessed);
        summary.Leaves++;
        summary.LargeLeaves += height > 0 ? 1UL : 0;
        summary.Good += speaks ? 1UL : 0;
        summary.Evidence += speaks ? LargeLeaf : 0;
        summary.AccessedLeaves += attributes.Accessed ? 1UL : 0;
        summary.UserBytes += attributes.User != Rights.None ? known : 0;
        summary.SupervisorBytes += attributes.User == Rights.None ? known : 0;
    }

    private byte* Fetch(ulong address, int height, int entries, ref int hint) => Memory.Fetch(
        address, entries << TFormat.EntrySizeShift, (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_buffers[height], 0), ref hint);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Entry(byte* bytes, int index) =>
        TFormat.EntrySizeShift == 3 ? ((ulong*)bytes)[index] : ((uint*)bytes)[index];
}
