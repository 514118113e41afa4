namespace ElfMmu.Paging;

/// <summary>What the entries of a page walk mean in a state of the processor.</summary>
/// <remarks>MIPS Architecture for Programmers III: MIPS32 Privileged Resource Architecture, "Hardware Page Table Walker".</remarks>
internal sealed class MipsEntries
{
    // PFN alone, without PFNX.
    private const ulong SmallPhysicalMask = 0xf_ffff_ffff;

    private readonly MipsPageWalk _walk;
    private readonly ulong _physicalMask;
    private readonly bool _errorLevel;
    private readonly bool _hasReadInhibit;
    private readonly bool _hasExecuteInhibit;

    /// <summary>Takes the processor's state in.</summary>
    public MipsEntries(MipsPageWalk walk, PagingOptions options)
    {
        _walk = walk;
        _physicalMask = (1UL << Math.Min(options.PhysicalAddressBits ?? 63, 63)) - 1;
        if (!MipsRegisters.HasLargeAddresses(options.Registers))
        {
            _physicalMask &= SmallPhysicalMask;
        }

        _errorLevel = MipsRegisters.IsErrorLevel(options.Registers);
        _hasReadInhibit = MipsRegisters.HasReadInhibit(options.Registers);
        _hasExecuteInhibit = MipsRegisters.HasExecuteInhibit(options.Registers);
    }

    /// <summary>Whether an entry of a directory is a page.</summary>
    public bool IsHuge(ulong entry) => _walk.HasHugePages && ((entry >> _walk.HugeBit) & 1) != 0;

    /// <summary>
    /// The physical address of a table. The walker reads tables in unmapped segments only; what points elsewhere, or between two
    /// entries, ends the walk.
    /// </summary>
    public ulong? TablePointer(ulong entry, int depth) =>
        (entry & ((1UL << _walk.Levels[depth].EntrySizeShift) - 1)) != 0 ? null
        : MipsSegments.Unmapped(entry) ?? (_errorLevel && (uint)entry <= MipsSegments.KusegLast ? (uint)entry : null);

    /// <summary>
    /// Which entries make up a page of a directory. The sizes of TLB pages are powers of four. A directory that spans a pair of them has
    /// both from the one entry, and what is listed is the span; one that spans a single page has the other from the entry beside it,
    /// if the processor does that at all; null if not.
    /// </summary>
    public (int Own, int Other)? HugePair(in MipsDirectory level, int index, ulong address)
    {
        bool isSplit = (level.Shift & 1) != 0;
        if (!MipsPageWalk.IsPageSize(level.Shift & ~1) || (!isSplit && !_walk.HasDualPages))
        {
            return null;
        }

        // Of two the address says which, even where a table that isn't aligned lets only one be reached.
        int own = isSplit ? index : (index & ~1) | (int)((address >> level.Shift) & 1);
        return (own, isSplit ? own : own ^ 1);
    }

    /// <summary>The page of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="other">The other entry of the pair.</param>
    /// <param name="level">The entry's level.</param>
    /// <param name="address">An address it is for.</param>
    /// <param name="physical">What that very address maps to.</param>
    /// <param name="attributes">The page's attributes.</param>
    /// <returns>False when it maps nothing.</returns>
    public bool TryPage(
        ulong entry, ulong other, in MipsDirectory level, ulong address, out ulong physical, out MappingAttributes attributes)
    {
        var page = new MipsEntryLo(entry, _walk.EntryShift);
        Rights rights = page.Rights(_hasReadInhibit, _hasExecuteInhibit);
        ulong within = (1UL << level.Shift) - 1;
        physical = (page.Physical & _physicalMask & ~within) | (address & within);
        attributes = new MappingAttributes(
            address <= MipsSegments.KusegLast ? rights : Rights.None,
            rights,
            level.Number,
            level.Shift,
            page.Caching,
            page.IsGlobal && new MipsEntryLo(other, _walk.EntryShift).IsGlobal,
            accessed: false,
            dirty: false);
        return page.IsValid && rights != Rights.None;
    }

    /// <summary>An entry's bits in words.</summary>
    public string Describe(ulong entry) => MipsLayouts.Page.Describe(entry >> (_walk.EntryShift - 2), 0);
}
