namespace ElfMmu.Paging;

/// <summary>
/// Translates single addresses as the processor does: BATs, then the segment's register, then the two groups of the hash table where
/// the page can be. For one thread.
/// </summary>
/// <remarks>The Programming Environments Manual for 32-Bit Microprocessors, chapter 7 "Memory Management".</remarks>
internal sealed class PowerPcSearch
{
    private const int FrameSize = 4096;
    private const int SegmentShift = 28;
    private const uint PageIndexMask = 0xffff;
    private const uint WithinPage = (1 << PowerPcPage.Shift) - 1;

    private readonly PowerPcSegment?[] _segments;
    private readonly RegisterSet _registers;
    private EntryReader _reader;

    /// <summary>Makes one.</summary>
    public PowerPcSearch(WalkRequest request)
    {
        _registers = request.Options.Registers;
        _segments = PowerPcRegisters.SegmentsIn(_registers);
        Blocks = new PowerPcBlocks(_registers);
        Groups = new PowerPcGroup((uint)request.Root!.Value);
        IsSwapped = request.Options.ByteOrder == ByteOrder.Big;
        _reader = new EntryReader(request);
    }

    /// <summary>The BATs.</summary>
    public PowerPcBlocks Blocks { get; }

    /// <summary>The hash table.</summary>
    public PowerPcGroup Groups { get; }

    /// <summary>Whether the dump has any whole frame of the hash table.</summary>
    public bool HasTable => Groups.Hashes().Where(h => Groups.Address(h) % FrameSize == 0).Any(h => _reader.HasAll(Groups.Address(h), FrameSize));

    private bool IsSwapped { get; }

    /// <summary>Translates an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="steps">Takes the steps; null where nobody asks for them.</param>
    public Translation Translate(ulong address, ICollection<WalkStep>? steps)
    {
        if (address > uint.MaxValue)
        {
            return default;
        }

        uint at = (uint)address & ~WithinPage;
        PowerPcSegment? segment = _segments[at >> SegmentShift];
        bool inBlock = Blocks.Match(at);
        PowerPcBlock block = inBlock ? Blocks.At(at) : default;
        var pageSteps = steps == null ? null : new List<WalkStep>();
        TranslationStatus status = TranslationStatus.NotTranslated;
        PowerPcPage? page = null;
        pageSteps?.Add(SegmentStep(at, segment));
        if (segment is { IsPaged: true } paged)
        {
            page = Find(paged, at, pageSteps, out status);
        }

        bool isMapped = block.TryList(at, segment ?? default, page, out uint physical, out MappingAttributes attributes);
        if (steps != null)
        {
            IEnumerable<WalkStep> blocks = BlockSteps(block, at, physical);
            if (isMapped && attributes.Level != 0)
            {
                pageSteps![^1] = pageSteps[^1] with { Attributes = attributes, Rights = (attributes.User, attributes.Supervisor) };
            }

            // Where a block is what is listed, it comes last: that others than the listed side may go through the table is left out.
            foreach (WalkStep step in isMapped && attributes.Level == 0 ? Listed(blocks, attributes) : blocks.Concat(pageSteps!))
            {
                steps.Add(step);
            }
        }

        if (isMapped)
        {
            return new Translation(physical + ((uint)address & WithinPage), attributes, TranslationStatus.Mapped);
        }

        // What is found, but nobody may use, isn't there.
        bool isRefused = page != null || (inBlock && status == TranslationStatus.NotTranslated);
        return new Translation(0, default, isRefused ? TranslationStatus.NotPresent : status);
    }

    /// <summary>An entry of a group.</summary>
    /// <param name="place">What it is listed with.</param>
    /// <param name="at">Its physical address.</param>
    /// <param name="index">Its index.</param>
    /// <param name="hash">The hash that selects its group; null where the group isn't known to be one of the table.</param>
    public WalkStep Entry(TablePlace place, ulong at, long index, uint? hash)
    {
        var step = new WalkStep
        {
            LevelName = "PTE",
            Level = 1,
            Table = place,
            Index = index,
            EntryAddress = at,
            Size = PowerPcGroup.PteSize,
            Kind = EntryKind.Absent,
            Span = 1 << PowerPcPage.Shift,
        };
        if (!TryRead(at, out ulong pte))
        {
            return step;
        }

        step = step with { Value = pte, Kind = EntryKind.Invalid, Flags = PowerPcLayouts.Pte.Describe(pte, 0) };
        if (!PowerPcGroup.IsValid(pte))
        {
            return step;
        }

        var page = new PowerPcPage((uint)pte);
        step = step with { Kind = EntryKind.Leaf, Target = page.Physical, PageSize = 1 << PowerPcPage.Shift };
        int number = hash is { } known && Groups.PageOf(pte, known) is { } found
            ? Array.FindIndex(_segments, s => s is { IsPaged: true } paged && paged.Vsid == found.Vsid)
            : -1;
        if (number < 0)
        {
            return step;
        }

        PowerPcSegment segment = _segments[number]!.Value;
        Rights user = segment.Rights(page.Protection, user: true);
        Rights supervisor = segment.Rights(page.Protection, user: false);
        return step with
        {
            VirtualAddress = ((ulong)number << SegmentShift) | ((ulong)Groups.PageOf(pte, hash!.Value)!.Value.PageIndex << PowerPcPage.Shift),
            Attributes = page.Attributes(user, supervisor),
            Rights = (user, supervisor),
        };
    }

    /// <summary>Looks a page up in its primary group, then in its secondary one.</summary>
    private PowerPcPage? Find(PowerPcSegment segment, uint address, List<WalkStep>? steps, out TranslationStatus status)
    {
        status = TranslationStatus.NotPresent;
        uint pageIndex = (address >> PowerPcPage.Shift) & PageIndexMask;
        foreach (bool isSecondary in (ReadOnlySpan<bool>)[false, true])
        {
            uint hash = Groups.Hash(segment.Vsid, pageIndex, isSecondary);
            uint group = Groups.Address(hash);
            TablePlace? place = steps == null ? null : new TablePlace(group, 0) { Tree = PowerPcView.Group, Offset = hash };

            // A walk takes the table a frame at a time, and of a frame that isn't all there nothing.
            bool isThere = _reader.HasAll(group & ~(uint)(FrameSize - 1), FrameSize);
            for (int i = 0; isThere && i < PowerPcGroup.Ptes; i++)
            {
                uint at = group + ((uint)i * PowerPcGroup.PteSize);
                if (TryRead(at, out ulong pte) && PowerPcGroup.IsFor(pte, segment.Vsid, pageIndex, isSecondary))
                {
                    steps?.Add(Entry(place!, at, i, hash) with { VirtualAddress = address });
                    return new PowerPcPage((uint)pte);
                }
            }

            status = isThere ? status : TranslationStatus.TableAbsent;
            steps?.Add(new WalkStep
            {
                LevelName = isSecondary ? "PTEG 2" : "PTEG 1",
                Level = 1,
                Table = place,
                EntryAddress = group,
                Size = PowerPcGroup.Size,
                Kind = isThere ? EntryKind.Invalid : EntryKind.Absent,
                VirtualAddress = address,
                Span = 1 << PowerPcPage.Shift,
            });
        }

        return null;
    }

    private bool TryRead(ulong at, out ulong pte)
    {
        // Two words, each in the table's order, the first one above.
        bool isThere = _reader.TryRead(at, 3, out pte);
        pte = IsSwapped ? pte : (pte << 32) | (pte >> 32);
        return isThere;
    }

    private WalkStep SegmentStep(uint address, PowerPcSegment? segment)
    {
        uint number = address >> SegmentShift;
        return new WalkStep
        {
            LevelName = $"SR{number}",
            Size = sizeof(uint),
            Value = segment?.Value,
            Kind = segment is not { } known ? EntryKind.Absent : known.IsPaged ? EntryKind.Table : EntryKind.Invalid,
            Flags = segment is { } shown ? PowerPcLayouts.Segment.Describe(shown.Value, 0) : "",
            Target = segment is { IsPaged: true } ? Groups.Origin : null,
            VirtualAddress = (ulong)number << SegmentShift,
            Span = 1UL << SegmentShift,
        };
    }

    /// <summary>The blocks that match, the one whose address is listed last.</summary>
    private IEnumerable<WalkStep> BlockSteps(PowerPcBlock block, uint address, uint physical)
    {
        (PowerPcBat? Bat, PagingRegister[] Bats)[] all =
        [
            (block.Data, PowerPcRegisters.DataBats), (block.UserData, PowerPcRegisters.DataBats),
            (block.Instructions, PowerPcRegisters.InstructionBats), (block.UserInstructions, PowerPcRegisters.InstructionBats),
        ];
        return all.Where(b => b.Bat != null)
            .Distinct()
            .Select(b => (b.Bat!.Value, b.Bats))
            .OrderBy(b => b.Value.Data(address).Physical == physical)
            .Select(b => BlockStep(b.Value, b.Bats, address));
    }

    private WalkStep BlockStep(PowerPcBat bat, PagingRegister[] bats, uint address)
    {
        PowerPcTranslation data = bat.Data(address);
        ulong size = 1UL << data.PageShift;
        ulong first = address & ~(size - 1);

        // Where BRPN has bits that the address is joined to, the smallest blocks don't follow each other.
        if (bat.Data((uint)first).Physical + (address - first) != data.Physical)
        {
            size = 1 << PowerPcBat.BlockShift;
            first = address & ~(size - 1);
        }

        ulong value = ((ulong)bat.Upper << 32) | bat.Lower;
        return new WalkStep
        {
            LevelName = PowerPcRegisters.NameOf(bat, bats, _registers),
            Size = sizeof(ulong),
            Value = value,
            Kind = EntryKind.Leaf,
            Flags = PowerPcLayouts.Bat.Describe(value, 0),
            Target = bat.Data((uint)first).Physical,
            VirtualAddress = first,
            Span = size,
            PageSize = 1UL << data.PageShift,
        };
    }

    private static IEnumerable<WalkStep> Listed(IEnumerable<WalkStep> blocks, MappingAttributes attributes)
    {
        WalkStep[] all = [.. blocks];
        all[^1] = all[^1] with { Attributes = attributes, Rights = (attributes.User, attributes.Supervisor) };
        return all;
    }
}
