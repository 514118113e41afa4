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

    /// <summary>Other names the mode is known by; matched without regard to case.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The architecture.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>The word size of programs in this mode in bits: 32 or 64.</summary>
    public required int WordSize { get; init; }

    /// <summary>How many bits a virtual address has.</summary>
    public required int VirtualAddressBits { get; init; }

    /// <summary>How many bits a physical address can have at most.</summary>
    public required int PhysicalAddressBits { get; init; }

    /// <summary>The register that holds the root.</summary>
    public required string RootRegister { get; init; }

    /// <summary>The bits of that register that are the root's address.</summary>
    public required ulong RootMask { get; init; }

    /// <summary>The levels, the last one first (the one whose entries map the smallest pages).</summary>
    public required IReadOnlyList<PagingLevel> Levels { get; init; }

    /// <summary>Names for the values of <see cref="MappingAttributes.CacheIndex"/>.</summary>
    public required IReadOnlyList<string> CacheNames { get; init; }

    /// <summary>The manual and section this mode follows.</summary>
    public required string Reference { get; init; }

    /// <summary>The smallest page size in bytes; every mapping is aligned to it.</summary>
    public ulong Granule => Levels[0].Span;

    /// <summary>The physical address of the top table, from the register's whole value.</summary>
    public ulong DecodeRoot(ulong register) => register & RootMask;

    /// <summary>
    /// Walks the tables and gives every mapping to the sink. Linear in the number of tables visited; memory is a bit for each
    /// 4 KiB frame of the dump and level.
    /// </summary>
    /// <exception cref="ElfMmuException">
    /// <c>RootNotInDump</c>: the top table isn't in the memory; <c>PageTableLoop</c>: the tables contain themselves without end.
    /// </exception>
    /// <exception cref="OperationCanceledException">The request's token was cancelled.</exception>
    public abstract WalkSummary Walk<TSink>(WalkRequest request, ref TSink sink)
        where TSink : struct, IMappingSink;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
