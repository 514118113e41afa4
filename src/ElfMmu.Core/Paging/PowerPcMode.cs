using System.Runtime.CompilerServices;

namespace ElfMmu.Paging;

/// <summary>
/// The address translation of 32-bit PowerPC: block address translation first, then segment registers and a hashed page table.
/// There is no tree to descend, so every table entry is read once and put to the addresses that lead to it.
/// </summary>
/// <remarks>The Programming Environments Manual for 32-Bit Microprocessors, chapter 7 "Memory Management".</remarks>
internal sealed class PowerPcMode : PagingMode
{
    private const ulong BlockSize = 1UL << PowerPcBat.BlockShift;
    private const int PagesPerBlock = 1 << (PowerPcBat.BlockShift - PowerPcPage.Shift);
    private const ulong PageSize = 1UL << PowerPcPage.Shift;
    private const int SegmentShift = 28;
    private const ulong SegmentSize = 1UL << SegmentShift;
    private const int ProtectionValues = 4;

    /// <inheritdoc/>
    public override WalkSummary Walk<TSink>(WalkRequest request, ref TSink sink)
    {
        RegisterSet registers = request.Options.Registers;
        var summary = new WalkSummary();
        var blocks = new PowerPcBlocks(registers);
        PowerPcSegment?[] segments = PowerPcRegisters.SegmentsIn(registers);
        PowerPcPages? pages = CheckSegments(request, segments, blocks, summary) ? ReadTable(request, segments, summary) : null;
        var emitter = new MappingEmitter<TSink>(request, Granule, ref sink);
        bool more = true;
        for (int i = 0; more && i < segments.Length; i++)
        {
            ReadOnlySpan<uint> inside = pages == null ? default : pages.Of(segments[i]);
            more = Segment(request, i, segments[i] ?? default, inside, blocks, summary, ref emitter);
        }

        summary.Stopped = !more || !emitter.Flush();
        sink = emitter.Sink;
        return summary;
    }

    /// <inheritdoc/>
    public override AddressTranslator NewTranslator(WalkRequest request) => new PowerPcTranslator(NewSearch(request));

    /// <inheritdoc/>
    internal override TableView NewView(WalkRequest request) => new PowerPcView(NewSearch(request));

    private PowerPcSearch NewSearch(WalkRequest request)
    {
        var search = new PowerPcSearch(request);
        return !CheckSegments(request, PowerPcRegisters.SegmentsIn(request.Options.Registers), search.Blocks, new WalkSummary())
            || search.HasTable
            ? search
            : throw RootNotInDump((uint)request.Root!.Value & 0xffff_0000, request);
    }

    /// <summary>Says which segments that are asked for aren't known, and whether any is.</summary>
    private bool CheckSegments(WalkRequest request, PowerPcSegment?[] segments, PowerPcBlocks blocks, WalkSummary summary)
    {
        bool isNoneKnown = segments.All(s => s == null);
        if (isNoneKnown && blocks.AreNone)
        {
            throw new ElfMmuException(
                "RegistersRequired",
                ErrorKind.InvalidArgument,
                $"Mode {Name} needs the segment registers SR0 to SR15, of which none is known; without them no page of the hash table "
                + "has an address. Give those that matter as registers, or a machine description with them.");
        }

        string[] unknown =
        [
            .. Enumerable.Range(0, segments.Length)
                .Where(i => segments[i] == null
                    && First(i) <= request.MaximumAddress && First(i) + (SegmentSize - 1) >= request.MinimumAddress)
                .Select(i => $"SR{i}"),
        ];
        if (isNoneKnown)
        {
            summary.Warn(
                "None of the segment registers SR0 to SR15 is known, without which no page of the hash table has an address: only blocks "
                + "are listed. Give those that matter as registers, or a machine description with them.");
        }
        else if (unknown.Length > 0)
        {
            summary.Warn($"The segment registers {string.Join(", ", unknown)} aren't known; the pages of their segments are missing.");
        }

        return !isNoneKnown;
    }

    private static ulong First(int segment) => (ulong)segment << SegmentShift;

    private static PowerPcPages ReadTable(WalkRequest request, PowerPcSegment?[] segments, WalkSummary summary)
    {
        uint sdr1 = (uint)request.Root!.Value;
        PowerPcPages pages = new PowerPcHashTable(sdr1, segments, request, summary).Pages();
        return summary.Tables > 0 ? pages : throw RootNotInDump(sdr1 & 0xffff_0000, request);
    }

    /// <summary>Goes through a segment in steps of the smallest block: within one every address has the same BATs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Segment<TSink>(
        WalkRequest request,
        int number,
        PowerPcSegment segment,
        ReadOnlySpan<uint> pages,
        PowerPcBlocks blocks,
        WalkSummary summary,
        ref MappingEmitter<TSink> emitter)
        where TSink : struct, IMappingSink
    {
        ulong start = First(number);
        ulong first = Math.Max(start, request.MinimumAddress & ~(BlockSize - 1));
        ulong last = Math.Min(start + (SegmentSize - 1), request.MaximumAddress);
        Span<(Rights User, Rights Supervisor)> rights = stackalloc (Rights, Rights)[ProtectionValues];
        for (uint pp = 0; pp < ProtectionValues; pp++)
        {
            rights[(int)pp] = (segment.Rights(pp, user: true), segment.Rights(pp, user: false));
        }

        for (ulong address = first; address <= last; address += BlockSize)
        {
            ReadOnlySpan<uint> inside =
                pages.IsEmpty ? pages : pages.Slice((int)((address - start) >> PowerPcPage.Shift), PagesPerBlock);
            bool more = blocks.Match((uint)address) ? Block((uint)address, segment, inside, blocks, summary, ref emitter)
                : Pages((uint)address, rights, inside, summary, ref emitter);
            if (!more)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Adds pages where there is no block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Pages<TSink>(
        uint address,
        ReadOnlySpan<(Rights User, Rights Supervisor)> rights,
        ReadOnlySpan<uint> pages,
        WalkSummary summary,
        ref MappingEmitter<TSink> emitter)
        where TSink : struct, IMappingSink
    {
        for (int i = 0; i < pages.Length; i++)
        {
            if (pages[i] == 0)
            {
                continue;
            }

            summary.Leaves++;
            var page = new PowerPcPage(pages[i]);
            (Rights user, Rights supervisor) = rights[(int)page.Protection];
            if ((user | supervisor) != Rights.None
                && !emitter.Add(
                    address + ((ulong)i << PowerPcPage.Shift), PageSize, page.Physical, page.Attributes(user, supervisor)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Adds a block, page by page where pages lie behind it that other sides or privileges see.</summary>
    private static bool Block<TSink>(
        uint address,
        PowerPcSegment segment,
        ReadOnlySpan<uint> pages,
        PowerPcBlocks blocks,
        WalkSummary summary,
        ref MappingEmitter<TSink> emitter)
        where TSink : struct, IMappingSink
    {
        PowerPcBlock block = blocks.At(address);
        if (!pages.ContainsAnyExcept(0u))
        {
            return !block.TryList(address, segment, null, out uint physical, out MappingAttributes attributes)
                || emitter.Add(address, BlockSize, physical, attributes);
        }

        for (int i = 0; i < pages.Length; i++)
        {
            uint at = address + ((uint)i << PowerPcPage.Shift);
            PowerPcPage? page = pages[i] == 0 ? null : new PowerPcPage(pages[i]);
            summary.Leaves += page == null ? 0u : 1;
            if (block.TryList(at, segment, page, out uint physical, out MappingAttributes attributes)
                && !emitter.Add(at, PageSize, physical, attributes))
            {
                return false;
            }
        }

        return true;
    }
}
