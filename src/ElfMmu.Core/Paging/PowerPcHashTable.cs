using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ElfMmu.Paging;

/// <summary>
/// Reads a hashed page table backwards: from every entry that a search can find to the addresses that find it. One pass over the
/// table, which has 32 MiB at most.
/// </summary>
/// <remarks>The Programming Environments Manual for 32-Bit Microprocessors, 7.6.1 "Page Table Definition".</remarks>
internal sealed unsafe class PowerPcHashTable
{
    private const int PteSize = 8;
    private const int SecondWord = 4;
    private const int PtesPerGroup = 8;
    private const int GroupSize = PteSize * PtesPerGroup;
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
    private readonly PowerPcPages _pages;
    private readonly uint _origin;
    private readonly uint _mask;
    private readonly bool _swapped;
    private readonly byte[] _frame = GC.AllocateUninitializedArray<byte>(FrameSize, pinned: true);
    private int _hint;

    /// <summary>Makes a reader of the table that SDR1 names.</summary>
    public PowerPcHashTable(uint sdr1, PowerPcSegment?[] segments, WalkRequest request, WalkSummary summary)
    {
        _request = request;
        _summary = summary;
        _pages = new PowerPcPages(segments);
        _origin = sdr1 & 0xffff_0000;
        _mask = sdr1 & HighMask;
        _swapped = request.Options.ByteOrder == ByteOrder.Big;
    }

    private uint HashMask => (_mask << LowHashBits) | LowHashMask;

    /// <summary>The pages that the segments show.</summary>
    public PowerPcPages Pages()
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

        return _pages;
    }

    /// <summary>Takes the entries of a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="hash">The hash that selects it, as far as the mask lets it through.</param>
    // A walk is over before the JIT would think of compiling it again with optimisation, so it is asked to at once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Group(byte* group, uint hash)
    {
        for (int i = 0; i < PtesPerGroup; i++)
        {
            uint word = Read(group, i * PteSize);
            uint vsid = (word >> 7) & 0xff_ffff;
            if ((word & Valid) == 0 || !_pages.Has(vsid, out int bucket))
            {
                continue;
            }

            // The low ten bits of the page index come from the hash, which is the VSID's bits XOR the page index's; the rest is the
            // API. With those the whole hash is known, and an entry in a group that it doesn't select is never found.
            bool isSecondary = (word & Secondary) != 0;
            uint primary = (isSecondary ? ~hash : hash) & HashMask;
            uint pageIndex = ((word & ApiMask) << LowHashBits) | ((primary ^ vsid) & LowHashMask);
            if (((vsid ^ pageIndex) & HashMask) == primary)
            {
                _pages.Add(bucket, pageIndex, Read(group, (i * PteSize) + SecondWord), isSecondary);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Read(byte* group, int offset)
    {
        uint value = *(uint*)(group + offset);
        return _swapped ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    private static byte* Pointer(byte[] pinned) => (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
}
