using ElfMmu.Discovery;

namespace ElfMmu.Spaces;

/// <summary>Which address space of a dump is wanted, as far as the user says; what is null, the dump is asked for.</summary>
public sealed record SpaceRequest
{
    /// <summary>The physical address of the top table, or the whole register that holds it.</summary>
    public ulong? Root { get; init; }

    /// <summary>The same for the upper half of the addresses, in modes with two roots (TTBR1).</summary>
    public ulong? Root1 { get; init; }

    /// <summary>The register that divides the addresses (TCR_EL1, TTBCR, VTCR_EL2), in modes that have one.</summary>
    public ulong? Control { get; init; }

    /// <summary>The paging mode's name.</summary>
    public string? Mode { get; init; }

    /// <summary>The processor to ask; null for the first one that knows.</summary>
    public int? Cpu { get; init; }

    /// <summary>Registers that count instead of the processor's own.</summary>
    public RegisterSet Registers { get; init; } = RegisterSet.Empty;

    /// <summary>The order of bytes in the page tables; null for the machine's.</summary>
    public ByteOrder? ByteOrder { get; init; }

    /// <summary>RISC-V, SUM: supervisor mode may use user pages. Without it <c>sstatus</c> decides where it is known.</summary>
    public bool SupervisorUserAccess { get; init; }

    /// <summary>RISC-V, MXR: what can be executed can be read. Without it <c>sstatus</c> decides where it is known.</summary>
    public bool ExecutableReadable { get; init; }

    /// <summary>
    /// The root of a hypervisor's tables (EPTP, VTTBR_EL2): what <see cref="Root"/> leads to are a guest's physical addresses then.
    /// </summary>
    public ulong? NestedRoot { get; init; }

    /// <summary>The mode of the hypervisor's tables.</summary>
    public string? NestedMode { get; init; }

    /// <summary>What a search found and mode and root are taken from; null where they are given otherwise.</summary>
    public PageTableRoot? Found { get; init; }

    /// <summary>
    /// This request with what a search found: mode, root and the registers that go with it. What the request says itself still
    /// counts.
    /// </summary>
    public SpaceRequest With(PageTableRoot root) => this with
    {
        Mode = Mode ?? root.Mode.Name,
        Root = root.IsUpperHalf ? Root : Root ?? root.Root,
        Root1 = Root1 ?? (root.IsUpperHalf ? root.Root : root.Root1),
        Registers = root.Registers.With(Registers),
        Found = root,
    };
}
