using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>What the registers of an architecture's processors say about paging, in the same words for all architectures.</summary>
internal sealed record ProcessorState
{
    /// <summary>The architecture.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>The register that holds a root, whatever the mode.</summary>
    public required PagingRegister Root { get; init; }

    /// <summary>The register that divides the addresses; null when the architecture has none.</summary>
    public PagingRegister? Control { get; init; }

    /// <summary>The mode that registers put a processor in; null when they don't say, or paging is off.</summary>
    public required Func<RegisterSet, Machine, PagingMode?> Mode { get; init; }

    /// <summary>Why registers say that paging is off, such as <c>CR0.PG is 0</c>; null when they don't.</summary>
    public required Func<RegisterSet, string?> Off { get; init; }

    /// <summary>The order of bytes in the tables, where the architecture or its registers say so; else it is the machine's.</summary>
    public Func<RegisterSet, ByteOrder?> TableOrder { get; init; } = _ => null;

    /// <summary>The mode of a hypervisor's tables, from the root given for them and the registers; null when they don't say.</summary>
    public Func<ulong, RegisterSet, PagingMode?> NestedMode { get; init; } = (_, _) => null;

    /// <summary>The architectures; a new one is a row here.</summary>
    public static IReadOnlyList<ProcessorState> All { get; } =
        [X86State.Row, RiscVState.Row, AArch64State.Row, ArmState.Row, PowerPcState.Row, MipsState.Row];

    /// <summary>
    /// The row of an architecture. Of an unknown one too something is known: what is called CR3 is an x86's.
    /// </summary>
    public static ProcessorState? For(Architecture architecture) =>
        All.FirstOrDefault(s => s.Architecture == (architecture == Architecture.Unknown ? Architecture.X86 : architecture));
}
