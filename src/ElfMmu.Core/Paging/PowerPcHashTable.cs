using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ElfMmu.Paging;

/// <summary>
/// Reads a hashed page table backwards: from every entry that a search can find to the addresses that find it. One pass over the
/// table, which has 32 MiB at most, and a sort of the pages found, of which 32-bit addresses have a million at most.
/// </summary>
/// <remarks>The Programming Environments Manual for 32-Bit Microprocessors, 7.6.1 "Page Table Definition".</remarks>
internal sealed unsafe class PowerPcHashTable
{
    private const int PteSize = 8;
    private const int PtesPerGroup = 8;
    private const int GroupSize = PteSize * PtesPerGroup;
    private const int PageIndexBits = 16;
    private const int LowHashBits = 10;
    private const uint LowHashMask = (1 << LowHashBits) - 1;
    private const int SliceShift = 16;
    private const int FrameSize = 4096;
    private const uint HighMask = 0x1ff;
    private const uint Valid = 1U << 31;
    private const uint Secondary = 1 << 6;
    private const uint ApiMask = 0x3f;

    private readonly WalkRequest _request;
    private readonly WalkSummary _summary;
    private readonly PowerPcSegment?[] _segments;
    private readonly List<PowerPcPage> _pages = [];
    private readonly uint _origin;
    private readonly uint _mask;
    private readonly uint _first;
    private readonly uint _last;
    private readonly bool _swapped;
    private readonly byte[] _frame = GC.AllocateUninitializedArray<byte>(FrameSize, pinned: true);
    private readonly byte[] _otherGroup = GC.AllocateUninitializedArray<byte>(GroupSize, pinned: true);
    private int _hint;
    private int _otherHint;

    /// <summary>Makes a reader of the table that SDR1 names.</summary>
    public PowerPcHashTable(uint sdr1, PowerPcSegment?[] segments, WalkRequest request, WalkSummary summary)
    {
        _request = request;
        _summary = summary;
        _segments = segments;
        _origin = sdr1 & 0xffff_0000;
        _mask = sdr1 & HighMask;
        _first = (uint)Math.Min(request.MinimumAddress >> PowerPcPage.Shift, uint.MaxValue);
        _last = (uint)Math.Min(request.MaximumAddress >> PowerPcPage.Shift, uint.MaxValue);
        _swapped = request.Options.ByteOrder == ByteOrder.Big;
    }

    private uint HashMask => (_mask << LowHashBits) | LowHashMask;

    /// <summary>The pages that the segments show, ascending by address; what several segments show is listed for each.</summary>
    public List<PowerPcPage> Pages()
    {
        // Each value of the hash's high bits that the mask lets through selects 64 KiB of the table.
        for (uint high = 0; high <= HighMask; high++)
        {
            if ((high & ~_mask) != 0)
            {
                continue;
            }

            uint slice = _origin | (high << SliceShift);
            for (uint offset = 0; offset < 1 << SliceShift; offset += FrameSize)
            {
                _request.Cancellation.ThrowIfCancellationRequested();
                byte* frame = _request.Memory.Fetch(slice + offset, FrameSize, Pointer(_frame), ref _hint);
                if (frame == null)
                {
                    _summary.AddAbsentTable(slice + offset);
                    continue;
                }

                _summary.Tables++;
                for (uint group = 0; group < FrameSize; group += GroupSize)
                {
                    Group(frame + group, (high << LowHashBits) | ((offset + group) / GroupSize));
                }
            }
        }

        _pages.Sort();
        return _pages;
    }

    /// <summary>Takes the entries of a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="hash">The hash that selects it, as far as the mask lets it through.</param>
    private void Group(byte* group, uint hash)
    {
        for (int i = 0; i < PtesPerGroup; i++)
        {
            uint word = Word(group, i);
            if ((word & Valid) == 0)
            {
                continue;
            }

            // The low ten bits of the page index come from the hash, which is the VSID's bits XOR the page index's; the rest is the
            // API. With those the whole hash is known, and an entry in a group that it doesn't select is never found.
            uint primary = ((word & Secondary) != 0 ? ~hash : hash) & HashMask;
            uint vsid = (word >> 7) & 0xff_ffff;
            uint pageIndex = ((word & ApiMask) << LowHashBits) | ((primary ^ vsid) & LowHashMask);
            if (((vsid ^ pageIndex) & HashMask) == primary)
            {
                AddPages(group, i, vsid, pageIndex, primary);
            }
        }
    }

    /// <summary>Adds the pages that an entry maps, one for each segment of its VSID.</summary>
    private void AddPages(byte* group, int index, uint vsid, uint pageIndex, uint primary)
    {
        bool? isShadowed = null;
        for (uint i = 0; i < _segments.Length; i++)
        {
            uint number = (i << PageIndexBits) | pageIndex;
            if (_segments[i] is { IsPaged: true } segment && segment.Vsid == vsid && number >= _first && number <= _last
                && !(isShadowed ??= IsShadowed(group, index, primary)))
            {
                _summary.Leaves++;
                _pages.Add(new PowerPcPage(number, Read(group, (index * PteSize) + 4)));
            }
        }
    }

    /// <summary>Whether a search ends before it comes to an entry: first the primary group is searched, and each in order.</summary>
    private bool IsShadowed(byte* group, int index, uint primary)
    {
        uint word = Word(group, index);
        if (Holds(group, index, word))
        {
            return true;
        }

        if ((word & Secondary) == 0)
        {
            return false;
        }

        uint address = _origin | ((primary >> LowHashBits) << SliceShift) | ((primary & LowHashMask) * GroupSize);
        byte* other = _request.Memory.Fetch(address, GroupSize, Pointer(_otherGroup), ref _otherHint);
        return other != null && Holds(other, PtesPerGroup, word & ~Secondary);
    }

    private bool Holds(byte* group, int count, uint word)
    {
        for (int i = 0; i < count; i++)
        {
            if (Word(group, i) == word)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first word of an entry of a group: V, VSID, H and API.</summary>
    private uint Word(byte* group, int index) => Read(group, index * PteSize);

    private uint Read(byte* group, int offset)
    {
        uint value = *(uint*)(group + offset);
        return _swapped ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    private static byte* Pointer(byte[] pinned) => (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
}
