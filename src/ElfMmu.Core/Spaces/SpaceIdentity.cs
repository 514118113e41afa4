using ElfMmu.Dumps;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>Which address space something belongs to.</summary>
/// <param name="Dump">The dump.</param>
/// <param name="Mode">The paging mode.</param>
/// <param name="Root">The root: the physical address of the top table; of the upper half's where the lower half has none.</param>
public sealed record SpaceIdentity(DumpIdentity Dump, PagingMode Mode, ulong Root)
{
    /// <summary>The physical address of the upper half's top table, in modes with two roots, when it is known.</summary>
    public ulong? Root1 { get; init; }

    /// <summary>The order of bytes in what programs store; that of the tables can be another.</summary>
    public ByteOrder ByteOrder { get; init; }

    /// <summary>The mode of the hypervisor's tables that the guest's physical addresses go through; null for none.</summary>
    public PagingMode? NestedMode { get; init; }

    /// <summary>The root of these tables; null for none.</summary>
    public ulong? NestedRoot { get; init; }

    /// <summary>What registers say the memory types are (MAIR), in architectures that ask them and when it is known.</summary>
    public ulong? MemoryTypes { get; init; }

    /// <summary>What to ask for to get the space again, with everything that was given or found; it doesn't count in comparisons.</summary>
    public SpaceRequest Request { get; init; } = new();

    /// <inheritdoc/>
    public bool Equals(SpaceIdentity? other) => ReferenceEquals(this, other)
        || (other != null
            && (Root, Root1, Mode, ByteOrder, NestedMode, NestedRoot, MemoryTypes)
                == (other.Root, other.Root1, other.Mode, other.ByteOrder, other.NestedMode, other.NestedRoot, other.MemoryTypes)
            && Dump == other.Dump);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Dump, Mode, Root, Root1, NestedRoot);

    /// <summary>Roots, modes and path.</summary>
    public override string ToString()
    {
        string second = Root1 == null ? "" : $" and 0x{Root1:x}";
        string nested = NestedMode == null ? "" : $" below 0x{NestedRoot:x} ({NestedMode.Name})";
        return $"0x{Root:x}{second} ({Mode.Name}){nested} in {Dump.Path}";
    }
}
