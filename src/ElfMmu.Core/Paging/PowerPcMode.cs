using System.Runtime.InteropServices;

namespace ElfMmu.Paging;

/// <summary>
/// The address translation of 32-bit PowerPC: block address translation first, then segment registers and a hashed page table.
/// There is no tree to descend, so every table entry is read once and sorted by the addresses that lead to it.
/// </summary>
/// <remarks>The Programming Environments Manual for 32-Bit Microprocessors, chapter 7 "Memory Management".</remarks>
internal sealed class PowerPcMode : PagingMode
{
    private const ulong BlockSize = 1UL << PowerPcBat.BlockShift;
    private const ulong PageSize = 1UL << PowerPcPage.Shift;
    private const int SegmentShift = 28;

    /// <inheritdoc/>
    public override WalkSummary Walk<TSink>(WalkRequest request, ref TSink sink)
    {
        RegisterSet registers = request.Options.Registers;
        PowerPcSegment?[] segments = PowerPcRegisters.SegmentsIn(registers);
        if (segments.All(s => s == null))
        {
            throw new ElfMmuException(
                "RegistersRequired",
                ErrorKind.InvalidArgument,
                $"Mode {Name} needs the segment registers SR0 to SR15, of which none is known; without them no page of the hash table "
                + "has an address. Give those that matter as registers, or a machine description with them.");
        }

        var summary = new WalkSummary();
        var emitter = new MappingEmitter<TSink>(request, Granule, ref sink);
        uint sdr1 = (uint)request.Root!.Value;
        List<PowerPcPage> pages = new PowerPcHashTable(sdr1, segments, request, summary).Pages();
        if (summary.Tables == 0)
        {
            throw RootNotInDump(sdr1 & 0xffff_0000, request);
        }

        var blocks = new PowerPcBlocks(registers);
        summary.Stopped = !Blocks(request, segments, CollectionsMarshal.AsSpan(pages), blocks, ref emitter) || !emitter.Flush();
        sink = emitter.Sink;
        return summary;
    }

    /// <summary>Goes through the addresses in steps of the smallest block: within one every address has the same BATs.</summary>
    private static bool Blocks<TSink>(
        WalkRequest request,
        PowerPcSegment?[] segments,
        ReadOnlySpan<PowerPcPage> pages,
        PowerPcBlocks blocks,
        ref MappingEmitter<TSink> emitter)
        where TSink : struct, IMappingSink
    {
        ulong last = Math.Min(request.MaximumAddress, uint.MaxValue);
        for (ulong address = request.MinimumAddress & ~(BlockSize - 1); address <= last; address += BlockSize)
        {
            PowerPcSegment segment = segments[address >> SegmentShift] ?? default;
            int count = 0;
            while (count < pages.Length && pages[count].Number < (address + BlockSize) >> PowerPcPage.Shift)
            {
                count++;
            }

            ReadOnlySpan<PowerPcPage> inside = pages[..count];
            pages = pages[count..];
            PowerPcBlock block = blocks.At((uint)address);
            bool more = block.IsEmpty ? Pages(segment, inside, block, ref emitter)
                : inside.IsEmpty ? Add((uint)address, BlockSize, segment, null, block, ref emitter)
                : Mixed((uint)address, segment, inside, block, ref emitter);
            if (!more)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Adds pages where there is no block.</summary>
    private static bool Pages<TSink>(
        PowerPcSegment segment, ReadOnlySpan<PowerPcPage> pages, in PowerPcBlock block, ref MappingEmitter<TSink> emitter)
        where TSink : struct, IMappingSink
    {
        foreach (PowerPcPage page in pages)
        {
            if (!Add(page.Number << PowerPcPage.Shift, PageSize, segment, page, block, ref emitter))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Adds page by page what a block gives together with the pages that lie behind it.</summary>
    private static bool Mixed<TSink>(
        uint address,
        PowerPcSegment segment,
        ReadOnlySpan<PowerPcPage> pages,
        in PowerPcBlock block,
        ref MappingEmitter<TSink> emitter)
        where TSink : struct, IMappingSink
    {
        for (ulong offset = 0; offset < BlockSize; offset += PageSize)
        {
            uint at = address + (uint)offset;
            PowerPcPage? page = null;
            if (!pages.IsEmpty && pages[0].Number == at >> PowerPcPage.Shift)
            {
                page = pages[0];
                pages = pages[1..];
            }

            if (!Add(at, PageSize, segment, page, block, ref emitter))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Add<TSink>(
        uint address,
        ulong size,
        PowerPcSegment segment,
        PowerPcPage? page,
        in PowerPcBlock block,
        ref MappingEmitter<TSink> emitter)
        where TSink : struct, IMappingSink
    {
        PowerPcTranslation supervisor = block.Translate(address, segment, page, user: false);
        PowerPcTranslation user = block.Translate(address, segment, page, user: true);
        return !PowerPcTranslation.TryList(supervisor, user, out uint physical, out MappingAttributes attributes)
            || emitter.Add(address, size, physical, attributes);
    }
}
