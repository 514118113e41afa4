using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Discovery;

/// <inheritdoc/>
internal sealed unsafe partial class TableGraph<TFormat> : TableGraph
    where TFormat : struct, IRadixFormat
{
    // Tables that hostile dumps share without end aren't summed up without end.
    private const ulong MostReads = 1 << 18;

    // So many frames are looked at to know how common it is to look like a table.
    private const ulong Samples = 512;

    // Bits that say how a table is used, but for Accessed and Dirty; and a multiplier that spreads them over 64.
    private const ulong FlagBits = 0xf9f;
    private const ulong FlagHash = 0x9e37_79b9_7f4a_7c15;

    // What the upper half of an entry of 8 bytes holds, if anything: the no-execute bit.
    private const ulong UpperHalf = 0x8000_0000;

    private readonly TFormat _format;
    private readonly byte[][] _buffers;
    private readonly Dictionary<(ulong Address, int Height, ulong State), TreeSummary> _summaries = [];
    private readonly int _mostSummaries;
    private readonly List<ulong> _targets = [];
    private readonly List<ulong> _starts = [];
    private readonly FrameBits[] _asked;
    private readonly FrameBits[] _vacant;
    private readonly CancellationToken _cancellation;
    private readonly long _mostReads;
    private long _reads;
    private (ulong Address, int Height, ulong State, TreeSummary Summary) _last;

    public TableGraph(
        TFormat format,
        PhysicalMemory memory,
        PhysicalMap map,
        TableScan scan,
        FrameBits zeros,
        TableFamily family,
        CancellationToken cancellation)
        : base(memory, map, scan, zeros, family)
    {
        _cancellation = cancellation;
        _asked = [.. Tables.Select(t => new FrameBits(memory.PageCount, t.PartShift))];
        _vacant = [.. Tables.Select(t => new FrameBits(memory.PageCount, t.PartShift))];
        _format = format;
        _buffers = [.. family.Levels.Select((_, height) => GC.AllocateUninitializedArray<byte>(Math.Max(TableSize(height), 1 << TableScan.FrameShift), pinned: true))];
        _mostSummaries = (int)Math.Clamp(memory.PageCount / 64, 4096, int.MaxValue / 2);
        _mostReads = (long)Math.Max(MostReads, memory.PageCount);
    }

    /// <inheritdoc/>
    public override bool IsCut => _reads > _mostReads;

    /// <inheritdoc/>
    protected override bool IsWide(in TableContent content) => TFormat.EntrySizeShift == 2 && !content.HasOdd;

    /// <inheritdoc/>
    protected override int Flags(in TableContent content) =>
        TFormat.EntrySizeShift == 2 ? System.Numerics.BitOperations.PopCount(content.Flags) : 0;

    /// <inheritdoc/>
    public override int TableSize(int height) => Family.Levels[height].EntryCount << TFormat.EntrySizeShift;

    /// <inheritdoc/>
    public override void Close()
    {
        FrameBits directories = Plausible();
        for (int height = 0; height < Tables.Length && (height == 0 || TableSize(height) == 1 << Scan.DirectoryShift); height++)
        {
            ulong tables = 0;
            FrameBits places = height == 0 ? Wanted(directories) : directories;
            foreach ((ulong index, ulong address) in Addresses(places))
            {
                TableContent content = Read(address, height, Family.Levels[height].EntryCount);
                if (IsTable(content, height))
                {
                    Tables[height].Set(index);
                    tables++;
                }
                else if (content is { Good: 0, Bad: 0, Outside: 0, Absent: 0, Empty: > 0 })
                {
                    Hollow[height].Set(index);
                }
            }

            double share = height > 0 ? tables : Math.Max(tables, Sampled());
            double all = (double)(Memory.PageCount << Tables[height].PartShift) / Math.Max(1, TableSize(height) >> TableScan.FrameShift);
            Surprise[height] = Math.Max(0, Math.Log2((all + 1) / (share + 1))) + Family.AlignmentBits;
            if (height > 0)
            {
                foreach ((_, ulong address) in Addresses(Tables[height]))
                {
                    foreach (ulong target in Targets(address, height))
                    {
                        Refer(target, Tables[height - 1], Referenced[height - 1]);
                    }
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

        // A table that leads to itself, or often to the same one, shows no more than that it leads there once.
        TableRow row = default;
        ulong leaf = ulong.MaxValue;
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
                content.Zeros++;
                continue;
            }

            content.HasOdd |= (i & 1) != 0 && entry != UpperHalf;
            ulong state = _format.InitialState;
            switch (_format.Decode(entry, i, height, ref state, out ulong target, out MappingAttributes attributes))
            {
                case EntryKind.Leaf when (entry & Family.LeafClear(height)) != 0:
                    content.Bad++;
                    content.Evidence -= BadEntry;
                    break;
                case EntryKind.Leaf when height > 0 && Family.NeedsAccessed && !attributes.Accessed:
                    content.Outside++;
                    break;
                case EntryKind.Leaf when Map.Lookup(target, ref data, out _) != RegionKind.Absent:
                    content.Leaves++;
                    content.LeafEvidence += height == 0 || target == leaf ? 0 : LargeLeaf;
                    leaf = target;
                    break;
                case EntryKind.Leaf:
                    content.Outside++;
                    break;
                case EntryKind.Table when target == address || target == row.Last:
                    content.Repeated++;
                    break;
                case EntryKind.Table when (entry & Family.TableClear) != 0:
                    content.Bad++;
                    content.Evidence -= BadEntry;
                    break;
                case EntryKind.Table:
                    Count(target, ref row, height - 1, ref child, ref content);
                    content.IsUsual |= (entry & Family.TableSet) == Family.TableSet;
                    content.Flags |= 1UL << (int)(((entry & FlagBits) * FlagHash) >> 58);
                    break;
                case EntryKind.Reserved:
                case EntryKind.Invalid when height > 0:
                    content.Bad++;
                    content.Evidence -= BadEntry;
                    break;
            }
        }

        return content;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ulong> Pointers(ulong address)
    {
        _starts.Clear();
        ulong last = 0;
        foreach (ulong target in Targets(address, 1))
        {
            if (target != last && target - last != (ulong)TableSize(0))
            {
                _starts.Add(target);
            }

            last = target;
        }

        return _starts;
    }

    /// <summary>Whether what stands in a table speaks for one. Some of what is wrong in real ones is there on purpose, some is stale.</summary>
    private static bool IsTable(in TableContent content, int height) =>
        content.Good > 0 && content.Bad + content.Absent + (height == 0 ? content.Outside : 0) <= content.Good;

    private void Count(ulong target, ref TableRow row, int height, ref int hint, ref TableContent content)
    {
        FrameBits tables = Tables[height];
        row.Add(target, (ulong)TableSize(height));
        if (!TryIndex(target, tables, ref hint, out ulong index))
        {
            content.Absent++;
            content.Evidence -= AbsentTable;
        }
        else if (tables[index])
        {
            content.Children++;
            content.Evidence += Evidence(row, height);
        }
        else if (Zeros[index >> tables.PartShift] || Hollow[height][index] || MapsNothing(target, height))
        {
            content.Empty++;
        }
        else
        {
            content.Bad++;
            content.Evidence -= BadEntry;
        }
    }

    /// <summary>Whether no entry of a table is in use; what stands in them then is the operating system's own.</summary>
    private bool MapsNothing(ulong address, int height)
    {
        int hint = 0;
        if (!TryIndex(address, Tables[height], ref hint, out ulong index))
        {
            return false;
        }

        if (!_asked[height][index])
        {
            _asked[height].Set(index);
            if (AreAllInvalid(address, height))
            {
                _vacant[height].Set(index);
            }
        }

        return _vacant[height][index];
    }

    private bool AreAllInvalid(ulong address, int height)
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

    /// <summary>
    /// About how many tables of the last level there would be, if all that can be one were looked at and not only those that
    /// something points at.
    /// </summary>
    private double Sampled()
    {
        ulong all = Scan.Last.Count();
        ulong step = (all / Samples) + 1;
        ulong position = 0;
        double looked = 0;
        double tables = 0;
        foreach ((_, ulong address) in Addresses(Scan.Last))
        {
            if (position++ % step == 0)
            {
                looked++;
                tables += IsTable(Read(address, 0, Family.Levels[0].EntryCount), 0) ? 1 : 0;
            }
        }

        return looked == 0 ? 0 : tables / looked * all;
    }

    /// <summary>What can be a table above the last level, because at least half of what it points at can be tables too.</summary>
    private FrameBits Plausible()
    {
        var plausible = new FrameBits(Memory.PageCount);
        foreach ((ulong index, ulong address) in Directories())
        {
            int hint = 0;
            int good = 0;
            List<ulong> targets = Targets(address, 1);
            foreach (ulong target in targets)
            {
                good += MayBeTable(target, ref hint) ? 1 : 0;
            }

            if (good * 2 >= targets.Count)
            {
                plausible.Set(index);
            }
        }

        return plausible;
    }

    /// <summary>What can be a table of the last level and is pointed at by what can be a table above it.</summary>
    private FrameBits Wanted(FrameBits directories)
    {
        var wanted = new FrameBits(Memory.PageCount, Scan.Last.PartShift);
        foreach ((_, ulong address) in Addresses(directories))
        {
            foreach (ulong target in Targets(address, 1))
            {
                Refer(target, Scan.Last, wanted);
            }
        }

        return wanted;
    }

    /// <summary>Sets the bit of an address that has one in another bitmap.</summary>
    private void Refer(ulong target, FrameBits among, FrameBits bits)
    {
        int hint = 0;
        if (TryIndex(target, among, ref hint, out ulong index) && among[index])
        {
            bits.Set(index);
        }
    }

    /// <summary>The tables that a table points at, but itself.</summary>
    private List<ulong> Targets(ulong address, int height)
    {
        _targets.Clear();
        int hint = 0;
        int entries = Family.Levels[height].EntryCount;
        byte* bytes = Fetch(address, height, entries, ref hint);
        for (int i = 0; bytes != null && i < entries; i++)
        {
            ulong entry = Entry(bytes, i);
            ulong state = _format.InitialState;
            if (entry != 0
                && _format.Decode(entry, i, height, ref state, out ulong target, out _) == EntryKind.Table
                && (entry & Family.TableClear) == 0
                && target != address)
            {
                _targets.Add(target);
            }
        }

        return _targets;
    }

    private byte* Fetch(ulong address, int height, int entries, ref int hint)
    {
        _cancellation.ThrowIfCancellationRequested();
        return Memory.Fetch(
            address, entries << TFormat.EntrySizeShift, (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_buffers[height], 0), ref hint);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Entry(byte* bytes, int index) =>
        TFormat.EntrySizeShift == 3 ? ((ulong*)bytes)[index] : ((uint*)bytes)[index];
}
