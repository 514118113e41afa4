using ElfMmu.Dumps;
using ElfMmu.Intervals;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>A virtual address space in an opened dump: its memory, its mode and its root.</summary>
public sealed class AddressSpace
{
    private readonly NestedStage? _nested;
    private readonly ulong? _root;

    private AddressSpace(MemoryDump dump, SpaceRequest request, SpaceChoice choice, CancellationToken cancellation)
    {
        Dump = dump;
        _root = choice.Root;
        Identity = new SpaceIdentity(dump.Identity, choice.Mode, (choice.Root ?? choice.Root1)!.Value)
        {
            Root1 = choice.Root1,
            ByteOrder = choice.ByteOrder,
            MemoryTypes = choice.Mode.MemoryTypes?.Invoke(choice.Options.Registers),
            NestedMode = choice.NestedMode,
            NestedRoot = choice.NestedRoot,
            Request = request,
        };
        Options = choice.Options;
        AddressSpaceId = choice.AddressSpaceId;
        Origin = choice.Origin;
        _nested = choice.NestedMode == null
            ? null
            : SpaceCache.Of(dump).Stage(choice.NestedMode, choice.NestedRoot!.Value, Options, cancellation);
        Key = new SpaceKey(Identity, _root, choice.Mode.WhatCounts(Options), choice.NestedMode?.WhatCounts(Options));
    }

    /// <summary>The dump; it belongs to whoever opened it.</summary>
    public MemoryDump Dump { get; }

    /// <summary>Which address space this is.</summary>
    public SpaceIdentity Identity { get; }

    /// <summary>The processor's state as far as it is known.</summary>
    public PagingOptions Options { get; }

    /// <summary>What its mappings depend on: of two spaces that are equal in it they are the same.</summary>
    internal SpaceKey Key { get; }

    /// <summary>
    /// The number that tells the space's entries in the TLB from others' (ASID, VMID); null when its root register isn't known whole.
    /// </summary>
    public ulong? AddressSpaceId { get; }

    /// <summary>Where mode and root were taken from, in words.</summary>
    public string Origin { get; }

    /// <summary>
    /// Finds an address space: from the request, then from the machine description, then from the registers in the dump.
    /// </summary>
    /// <exception cref="ElfMmuException">
    /// <c>RootUnknown</c>, <c>ModeRequired</c>, <c>ModeUnknown</c>, <c>ModeAmbiguous</c>, <c>CpuUnknown</c>, <c>PagingOff</c>,
    /// <c>ParameterNotForMode</c>, <c>ModeConflict</c>, <c>ControlInvalid</c> or <c>NestedModeInvalid</c>: what is asked for can't be
    /// known, and how to say it; and, where a hypervisor's tables are to be walked first, <c>SpaceTooLarge</c> and what
    /// <see cref="PagingMode.Walk"/> throws.
    /// </exception>
    public static AddressSpace Open(MemoryDump dump, SpaceRequest request, CancellationToken cancellation = default) =>
        new(dump, request, new SpaceChoice(dump, request), cancellation);

    /// <summary>
    /// A translator of this space's addresses, for one thread. It reads tables in the mapped file, so it is good for as long as somebody
    /// has a lease on the dump, and not a moment longer.
    /// </summary>
    /// <exception cref="ElfMmuException">As <see cref="Walk"/>: <c>RootNotInDump</c> and the like.</exception>
    public AddressTranslator NewTranslator()
    {
        AddressTranslator translator = Identity.Mode.NewTranslator(NewWalk());
        return _nested?.NewTranslator(translator) ?? translator;
    }

    /// <summary>A reader of this space's tables, entry by entry, for one thread; it is good for as long as the dump is open.</summary>
    /// <exception cref="ElfMmuException">As <see cref="Walk"/>: <c>RootNotInDump</c> and the like.</exception>
    public PageTableReader NewTableReader() => new(this, Identity.Mode.NewView(NewWalk()), _nested?.NewView());

    /// <summary>
    /// The way of an address through the tables, step by step, also when it ends in a fault. O(levels); for many addresses, make a
    /// <see cref="NewTableReader">reader</see> and keep it.
    /// </summary>
    /// <returns>The steps, the last of which is the leaf or where it ends; none when the mode doesn't translate the address.</returns>
    public IReadOnlyList<PageTableEntry> Trace(ulong address) => NewTableReader().Trace(address);

    /// <summary>What a virtual address translates to. O(levels); for many addresses, make a translator and keep it.</summary>
    public ResolvedAddress Resolve(ulong address) => new(address, NewTranslator().Translate(address), Identity, Dump);

    /// <summary>A request to walk this space; narrow it with a <c>with</c> expression.</summary>
    public WalkRequest NewWalk() => new()
    {
        Memory = _nested?.Memory ?? Dump.Memory,
        Map = Dump.Map,
        Root = _root,
        Options = Options,
    };

    /// <summary>
    /// Walks the space; limits may be tagged addresses. See <see cref="PagingMode.Walk"/> for cost and errors.
    /// </summary>
    public WalkSummary Walk<TSink>(WalkRequest request, ref TSink sink)
        where TSink : struct, IMappingSink
    {
        request = request with
        {
            MinimumAddress = Untag(request.MinimumAddress),
            MaximumAddress = Untag(request.MaximumAddress),
        };
        WalkSummary summary = _nested?.Walk(Identity.Mode, request, ref sink) ?? Identity.Mode.Walk(request, ref sink);

        // Tables are read in place: the file mustn't be unmapped because the last table's address was already taken from the dump.
        GC.KeepAlive(Dump);
        return summary;
    }

    /// <summary>
    /// Walks the space as <see cref="Walk"/> does and says what there is to say. In a dump that is kept open, what a walk for everything
    /// finds is kept too, and such a walk is spared where that is known already; the mappings are the same.
    /// </summary>
    public WalkReport WalkKept<TSink>(WalkRequest request, ref TSink sink)
        where TSink : struct, IMappingSink => KeptWalk.Run(this, request, ref sink);

    /// <summary>
    /// A limit of addresses without its tag, for what compares addresses: mappings have none. What is nothing but a tag before the first
    /// address or the last one was meant as a limit: 0x80000000_00000000 is the middle, not address 0 with a tag.
    /// </summary>
    /// <param name="limit">The lowest or the highest address wanted.</param>
    public ulong Untag(ulong limit)
    {
        ulong address = Identity.Mode.Untag(limit, Options);
        return address is 0 or ulong.MaxValue ? limit : address;
    }

    /// <summary>A range of addresses without the tag of its limits; as it is where it is none then, because the tags differ.</summary>
    /// <param name="range">The range.</param>
    public Interval Untag(Interval range)
    {
        (ulong first, ulong last) = (Untag(range.Start), Untag(range.Last));
        return first <= last ? Interval.FromStartAndLast(first, last) : range;
    }

    /// <summary>What a walk of this space lost or makes doubtful, for the warning stream.</summary>
    public IEnumerable<string> Warnings(WalkSummary walk, WalkRequest request)
    {
        string tables = $"of root 0x{Identity.Root:x} in '{Dump.Identity.Path}'";
        foreach (string warning in walk.Warnings)
        {
            yield return warning;
        }

        // Where no table was read, because too little is known to read it, there is nothing to say of the root.
        if (walk.Leaves == 0
            && (walk.Tables > 0 || walk.Warnings.Count == 0)
            && request is { MinimumAddress: 0, MaximumAddress: ulong.MaxValue })
        {
            yield return $"The page tables {tables} map nothing. It may be no root of a page table, or one of another mode.";
        }

        if (_nested != null)
        {
            string below = $"of the hypervisor's root 0x{Identity.NestedRoot:x} in '{Dump.Identity.Path}'";
            foreach (string loss in _nested.Summary.Warnings.Concat(Losses(_nested.Summary, below, "the guest's memory behind them is")))
            {
                yield return loss;
            }
        }

        foreach (string loss in Losses(walk, tables, "what they map is"))
        {
            yield return loss;
        }
    }

    /// <summary>What a walk of this space came across, for the verbose stream.</summary>
    public string Remark(WalkSummary walk) =>
        $"Walked {walk.Tables} tables with {walk.Leaves} leaves of root 0x{Identity.Root:x} in '{Dump.Identity.Path}'; "
        + $"{walk.ReservedEntries} entries have reserved bits set" + (walk.Stopped ? "; stopped before the end." : ".");

    /// <summary>What is missing because tables are.</summary>
    private static IEnumerable<string> Losses(WalkSummary walk, string tables, string what)
    {
        if (walk.AbsentTables > 0)
        {
            yield return $"{walk.AbsentTables} page tables {tables} aren't in the dump, or not all of them (the first at physical "
                + $"0x{walk.FirstAbsentTable:x}); {what} missing.";
        }

        if (walk.SkippedTables > 0)
        {
            yield return $"{walk.SkippedTables} shared page tables {tables} were left out because they turn up too often (the first "
                + $"at virtual 0x{walk.FirstSkippedAddress:x}); {what} missing there.";
        }
    }
}
