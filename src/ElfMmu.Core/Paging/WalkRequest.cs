using ElfMmu.Memory;

namespace ElfMmu.Paging;

/// <summary>What to walk, and which of the mappings found are wanted.</summary>
public sealed record WalkRequest
{
    /// <summary>The physical memory that holds the tables.</summary>
    public required PhysicalMemory Memory { get; init; }

    /// <summary>What stands behind the physical addresses that leaves map to.</summary>
    public required PhysicalMap Map { get; init; }

    /// <summary>
    /// The root, as <see cref="PagingMode.DecodeRoot"/> gives it: the physical address of the top table. Null leaves out the half of
    /// the addresses it is for, in modes whose other half has a root of its own among the registers.
    /// </summary>
    public required ulong? Root { get; init; }

    /// <summary>The processor's state as far as it is known.</summary>
    public PagingOptions Options { get; init; } = new();

    /// <summary>The lowest virtual address wanted; rounded down to the mode's smallest page.</summary>
    public ulong MinimumAddress { get; init; }

    /// <summary>The highest virtual address wanted; the smallest page that holds it is still part of the result.</summary>
    public ulong MaximumAddress { get; init; } = ulong.MaxValue;

    /// <summary>Give every leaf by itself instead of fused runs.</summary>
    public bool PerPage { get; init; }

    /// <summary>Give leaves too behind which nothing is known.</summary>
    public bool IncludeAbsent { get; init; }

    /// <summary>Which rights are wanted.</summary>
    public MappingFilter Filter { get; init; } = new(Privilege.Any);

    /// <summary>
    /// How often tables that have been walked at the same level before may be walked again. Shared subtrees are real (Linux's
    /// espfix area and KASAN shadow), but without a limit a small hostile dump unfolds into 512^4 leaves.
    /// </summary>
    public int SharedTableLimit { get; init; } = 16384;

    /// <summary>
    /// How often a table may turn up below itself. A self-map costs three such visits a slot (four with five levels); more than
    /// this is no address space.
    /// </summary>
    public int LoopLimit { get; init; } = 1024;

    /// <summary>Ends the walk; asked once a table.</summary>
    public CancellationToken Cancellation { get; init; }
}
