using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Discovery;

/// <summary>A candidate for the root of an address space, with what speaks for it and against it.</summary>
public sealed record PageTableRoot
{
    /// <summary>The dump, as it has to be opened for this root: a raw image with the RAM base that goes with it.</summary>
    public required DumpIdentity Dump { get; init; }

    /// <summary>The paging mode.</summary>
    public required PagingMode Mode { get; init; }

    /// <summary>The physical address of the top table; where a mode's root isn't just an address, the register's value.</summary>
    public required ulong Root { get; init; }

    /// <summary>Whether the table translates the upper half of the addresses, in modes with two roots (TTBR1).</summary>
    public bool IsUpperHalf { get; init; }

    /// <summary>The root of the upper half that goes with this one, in modes with two roots, where it can be told; else null.</summary>
    public ulong? Root1 { get; init; }

    /// <summary>Other registers that were inferred, and that a walk from this root needs (TCR_EL1).</summary>
    public RegisterSet Registers { get; init; } = RegisterSet.Empty;

    /// <summary>The physical address of a raw image's first byte; of other dumps, where the run of RAM starts that holds the root.</summary>
    public required ulong RamBase { get; init; }

    /// <summary>How sure it is that this is a root in use: from 0 to 1.</summary>
    public required double Score { get; init; }

    /// <summary>What it seems to be.</summary>
    public RootState State { get; init; }

    /// <summary>What speaks for it, in words.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>What makes it doubtful, in words.</summary>
    public IReadOnlyList<string> Doubts { get; init; } = [];

    /// <summary>How many tables it leads to, itself included.</summary>
    public ulong Tables { get; init; }

    /// <summary>How many bytes are mapped that user mode has any right to.</summary>
    public ulong UserBytes { get; init; }

    /// <summary>How many bytes are mapped that only supervisor mode has rights to.</summary>
    public ulong SupervisorBytes { get; init; }

    /// <summary>Root, mode and path, as <see cref="Spaces.SpaceIdentity"/> writes them.</summary>
    public override string ToString() =>
        $"0x{Root:x}{(Root1 == null ? "" : $" and 0x{Root1:x}")} ({Mode.Name}) in {Dump.Path}";
}
