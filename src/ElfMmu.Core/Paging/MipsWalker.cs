using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ElfMmu.Paging;

/// <summary>
/// Walks tables whose shape is only known at run time: widths, gaps between the fields and sizes of entries are free, and two
/// neighbouring entries belong together. It needs no guard against loops: 32-bit addresses have a million pages at most, however
/// often the tables are shared.
/// </summary>
/// <remarks>MIPS Architecture for Programmers III: MIPS32 Privileged Resource Architecture, "Hardware Page Table Walker".</remarks>
internal sealed unsafe class MipsWalker<TSink>
    where TSink : struct, IMappingSink
{
    private const int AddressBits = 32;

    private readonly WalkRequest _request;
    private readonly WalkSummary _summary;
    private readonly MipsPageWalk _walk;
    private readonly MipsDirectory[] _levels;
    private readonly byte[][] _buffers;
    private readonly MipsEntries _entries;
    private readonly bool _swapped;
    private MappingEmitter<TSink> _emitter;
    private ulong _first;
    private ulong _last;
    private int _hint;

    public MipsWalker(MipsPageWalk walk, WalkRequest request, WalkSummary summary)
    {
        _walk = walk;
        _request = request;
        _summary = summary;
        _levels = [.. walk.Levels];
        _buffers = [.. _levels.Select(l => GC.AllocateUninitializedArray<byte>(l.PartSize, pinned: true))];
        _entries = new MipsEntries(walk, request.Options);
        _swapped = request.Options.ByteOrder == ByteOrder.Big;
    }

    /// <summary>Whether anything of the top table is in the memory.</summary>
    public bool HasRoot
    {
        get
        {
            int parts = _levels[0].TableSize / _levels[0].PartSize;
            return Enumerable.Range(0, parts).Any(part => Fetch(0, _request.Root!.Value, part) != null);
        }
    }

    /// <summary>Walks the tables for some of the addresses.</summary>
    /// <returns>False when the sink wants no more.</returns>
    public bool Run(ulong first, ulong last, ref MappingEmitter<TSink> emitter)
    {
        _first = Math.Max(first, _request.MinimumAddress & ~0xfffUL);
        _last = Math.Min(last, _request.MaximumAddress | 0xfff);
        _emitter = emitter;
        bool more = _first > _last || Table(0, _request.Root!.Value, 0, AddressBits);
        emitter = _emitter;
        return more;
    }

    /// <summary>Walks a table for the addresses that its entry in the table above stands for.</summary>
    private bool Table(int depth, ulong table, ulong start, int spanShift)
    {
        _request.Cancellation.ThrowIfCancellationRequested();
        ref readonly MipsDirectory level = ref _levels[depth];
        bool isLast = depth == _levels.Length - 1;

        // Offsets are joined to the table's address by OR: of one that isn't aligned some entries are never reached.
        int always = (int)(table & (ulong)(level.TableSize - 1)) >> level.EntrySizeShift;
        int inPart = (level.PartSize >> level.EntrySizeShift) - 1;
        int shift = Math.Min(level.Shift, spanShift);
        ulong span = 1UL << shift;
        ulong end = Math.Min(start + (1UL << spanShift) - 1, _last);
        byte* bytes = null;
        int part = -1;
        bool isWhole = true;
        for (ulong address = Math.Max(start, _first & ~(span - 1)); address <= end; address += span)
        {
            int index = level.Index(address) | always;
            if ((index & ~inPart) != part)
            {
                part = index & ~inPart;
                bytes = Fetch(depth, table, part / (inPart + 1));
                if (bytes != null)
                {
                    _summary.Tables++;
                }
                else if (isWhole)
                {
                    isWhole = false;
                    _summary.AddAbsentTable(table);
                }
            }

            if (bytes == null)
            {
                continue;
            }

            ulong entry = Entry(bytes, index & inPart, level);
            bool more = isLast ? Page(level, entry, Entry(bytes, ((index & inPart) ^ 1) | (always & 1), level), address, shift)
                : _entries.IsHuge(entry) ? HugePage(level, bytes, index & inPart, address, shift)
                : _entries.TablePointer(entry, depth + 1) is not { } target || Table(depth + 1, target, address, shift);
            if (!more)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Adds a page of a directory.</summary>
    private bool HugePage(in MipsDirectory level, byte* bytes, int index, ulong address, int spanShift)
    {
        if (_entries.HugePair(level, index, address) is not { } pair)
        {
            _summary.ReservedEntries++;
            return true;
        }

        return Page(level, Entry(bytes, pair.Own, level), Entry(bytes, pair.Other, level), address, spanShift);
    }

    /// <summary>Adds the page of an entry.</summary>
    /// <param name="level">The entry's level.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="other">The other entry of the pair.</param>
    /// <param name="address">The first address the entry stands for here.</param>
    /// <param name="spanShift">The base-two logarithm of how many it stands for.</param>
    private bool Page(in MipsDirectory level, ulong entry, ulong other, ulong address, int spanShift)
    {
        ulong first = Math.Max(address, _first);
        ulong last = Math.Min(address + ((1UL << spanShift) - 1), _last);
        if (!_entries.TryPage(entry, other, level, first, out ulong physical, out MappingAttributes attributes))
        {
            return true;
        }

        _summary.Leaves++;
        return _emitter.Add(first, last - first + 1, physical, attributes);
    }

    private ulong Entry(byte* bytes, int index, in MipsDirectory level)
    {
        if (level.EntrySizeShift == 3)
        {
            ulong wide = ((ulong*)bytes)[index];
            return _swapped ? BinaryPrimitives.ReverseEndianness(wide) : wide;
        }

        uint narrow = ((uint*)bytes)[index];
        return _swapped ? BinaryPrimitives.ReverseEndianness(narrow) : narrow;
    }

    /// <summary>A part of a table; large tables needn't be in the dump as a whole.</summary>
    private byte* Fetch(int depth, ulong table, int part)
    {
        ref readonly MipsDirectory level = ref _levels[depth];
        return _request.Memory.Fetch(
            (table & ~(ulong)(level.TableSize - 1)) + ((ulong)part * (ulong)level.PartSize),
            level.PartSize,
            (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_buffers[depth], 0),
            ref _hint);
    }
}
