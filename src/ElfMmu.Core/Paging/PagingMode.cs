namespace ElfMmu.Paging;

/// <summary>
/// A way in which a processor translates addresses: its description as data, and a walk. Whatever a mode does inside, what comes
/// out are mappings in ascending order of virtual addresses.
/// </summary>
public abstract class PagingMode
{
    /// <summary>The short name: <c>ia32e</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One line for people: <c>x86-64, 4-level paging</c>.</summary>
    public required string Description { get; init; }

    /// <summary>
    /// Other names the mode is known by; matched without regard to case. Modes may share one that names their family: which of them
    /// is meant then follows from the architecture and the registers.
    /// </summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The architecture.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>
    /// Whether this is the stage below another one: it translates a guest's physical addresses, as a hypervisor set it up.
    /// </summary>
    public bool IsNested { get; init; }

    /// <summary>The word size of programs in this mode in bits: 32 or 64.</summary>
    public required int WordSize { get; init; }

    /// <summary>The order of bytes in a machine of which nothing else is known.</summary>
    public ByteOrder DefaultByteOrder { get; init; }

    /// <summary>How many bits a virtual address has at most.</summary>
    public required int VirtualAddressBits { get; init; }

    /// <summary>How many bits a physical address can have at most.</summary>
    public required int PhysicalAddressBits { get; init; }

    /// <summary>The register that holds the root.</summary>
    public required PagingRegister RootRegister { get; init; }

    /// <summary>The register that holds the root of the upper half, in architectures that have two; else null.</summary>
    public PagingRegister? SecondRootRegister { get; init; }

    /// <summary>The register that says how addresses are divided, in architectures that leave it open; else null.</summary>
    public PagingRegister? ControlRegister { get; init; }

    /// <summary>What else of the processor's state the mode takes into account when it is known.</summary>
    public IReadOnlyList<PagingRegister> OtherRegisters { get; init; } = [];

    /// <summary>The levels, the last one first (the one whose entries map the smallest pages).</summary>
    public required IReadOnlyList<PagingLevel> Levels { get; init; }

    /// <summary>Page sizes in bytes that are no level's own, because several entries make one page or no tables are asked.</summary>
    public IReadOnlyList<ulong> ExtraPageSizes { get; init; } = [];

    /// <summary>All page sizes in bytes, ascending.</summary>
    public IReadOnlyList<ulong> PageSizes =>
        [.. Levels.Where(l => l.HasLeaves).Select(l => l.Span).Concat(ExtraPageSizes).Order()];

    /// <summary>Names for the values of <see cref="MappingAttributes.CacheIndex"/>.</summary>
    public required IReadOnlyList<string> CacheNames { get; init; }

    /// <summary>
    /// The registers that say what the memory types are, as one number for <see cref="CacheName"/>; null where types name themselves.
    /// </summary>
    internal Func<RegisterSet, ulong?>? MemoryTypes { get; init; }

    /// <summary>The name of a memory type by that number; null where types name themselves.</summary>
    internal Func<ulong, int, string>? MemoryTypeName { get; init; }

    /// <summary>
    /// The number that tells this space's entries in the TLB from others' (ASID; of nested modes VMID), from the root register's value;
    /// null when the mode has none or the value is no register's.
    /// </summary>
    internal Func<RegisterSet, ulong?> AddressSpaceId { get; init; } = _ => null;

    /// <summary>
    /// The upper half's root as it is used, with the trees it leads to; null where the registers turn it off. Modes with two roots
    /// have it.
    /// </summary>
    internal Func<PagingOptions, ulong?> SecondRoot { get; init; } = _ => null;

    /// <summary>What the bits of the entries are called, in some state of the processor.</summary>
    internal Func<PagingOptions, EntryLayouts> Layouts { get; init; } = _ => new EntryLayouts(0);

    /// <summary>The manual and section this mode follows.</summary>
    public required string Reference { get; init; }

    /// <summary>The smallest page size in bytes; every mapping is aligned to it.</summary>
    public ulong Granule => Levels[0].Span;

    /// <summary>
    /// The root from the whole value of <see cref="RootRegister"/>: the physical address of the top table. (Where a table has no
    /// fixed size, as in PowerPC, it is the register's value, which holds both.)
    /// </summary>
    internal Func<ulong, PagingOptions, ulong> DecodeRegister { get; init; } = (value, _) => value;

    /// <summary>The root from what a user gives, which is an address or the register's value; null where both are read alike.</summary>
    internal Func<ulong, PagingOptions, ulong>? DecodeAddressOrRegister { get; init; }

    /// <summary>Where processors ignore the top byte of an address.</summary>
    internal Func<PagingOptions, AddressTags> Tags { get; init; } = _ => default;

    /// <summary>The root from what a user gives: the address of the top table or the register's value.</summary>
    /// <exception cref="ElfMmuException">
    /// <c>ModeConflict</c> or <c>ControlInvalid</c>: <see cref="ControlRegister"/> contradicts the mode or itself.
    /// </exception>
    public ulong DecodeRoot(ulong value, PagingOptions options) => (DecodeAddressOrRegister ?? DecodeRegister)(value, options);

    /// <summary>What a leaf's memory type is called.</summary>
    /// <param name="index">The <see cref="MappingAttributes.CacheIndex"/>.</param>
    /// <param name="types">What registers say about the types; null when it isn't known.</param>
    internal string CacheName(int index, ulong? types) =>
        types is { } known && MemoryTypeName != null ? MemoryTypeName(known, index) : CacheNames[index];

    /// <summary>
    /// Walks the tables and gives every mapping to the sink. Linear in the number of tables visited; memory is a bit for each
    /// 4 KiB frame of the dump and level.
    /// </summary>
    /// <exception cref="ElfMmuException">
    /// <c>RootNotInDump</c>: the top table isn't in the memory; <c>PageTableLoop</c>: the tables contain themselves without end;
    /// <c>RegistersRequired</c>: nothing at all can be mapped without registers that aren't known; and what <see cref="DecodeRoot"/>
    /// throws.
    /// </exception>
    /// <exception cref="OperationCanceledException">The request's token was cancelled.</exception>
    public abstract WalkSummary Walk<TSink>(WalkRequest request, ref TSink sink)
        where TSink : struct, IMappingSink;

    /// <summary>Makes a translator of single addresses. O(trees); the request's limits and filter aren't asked.</summary>
    /// <param name="request">Memory, root and the processor's state.</param>
    /// <exception cref="ElfMmuException">As <see cref="Walk"/>, except for what only the whole of the tables shows.</exception>
    public abstract AddressTranslator NewTranslator(WalkRequest request);

    /// <summary>Makes a view of the tables entry by entry, for people; it is for one thread. The errors are those of <see cref="NewTranslator"/>.</summary>
    internal abstract TableView NewView(WalkRequest request);

    /// <summary>
    /// The processor's state without what this mode doesn't read when it walks: two states of which the same is left give the same mappings
    /// of the same root. The root's own register is none of it, because what is walked is the root it was decoded to.
    /// </summary>
    internal PagingOptions WhatCounts(PagingOptions options)
    {
        var counting = new List<KeyValuePair<string, ulong>>();
        foreach (PagingRegister? register in (IEnumerable<PagingRegister?>)[SecondRootRegister, ControlRegister, .. OtherRegisters])
        {
            if (register?.In(options.Registers) is { } value)
            {
                counting.Add(new(register.Name, value & register.Bits));
            }
        }

        return options with { Registers = new RegisterSet(counting) };
    }

    /// <summary>The address without what processors ignore of it, such as the tag in AArch64's top byte.</summary>
    internal ulong Untag(ulong address, PagingOptions options) => Tags(options).Remove(address);

    /// <summary>The error of a root that isn't in the memory.</summary>
    protected static ElfMmuException RootNotInDump(ulong root, WalkRequest request) => new(
        "RootNotInDump",
        ErrorKind.InvalidArgument,
        $"The top table at physical 0x{root:x} isn't in the dump's memory ({request.Memory.Describe()}). Check the root, and the RAM "
        + "base of a raw image.");

    /// <inheritdoc/>
    public override string ToString() => Name;
}
