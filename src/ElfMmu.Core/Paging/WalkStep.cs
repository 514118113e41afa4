namespace ElfMmu.Paging;

/// <summary>One step on the way of an address, or one entry of a table: what was read, and what it says.</summary>
internal sealed record WalkStep
{
    /// <summary>What the entry, or the register that stands for one, is called.</summary>
    public required string LevelName { get; init; }

    /// <summary>The number of the level as the architecture counts; null for a register.</summary>
    public int? Level { get; init; }

    /// <summary>The table the entry stands in; null for a register.</summary>
    public TablePlace? Table { get; init; }

    /// <summary>The index of the entry in its table.</summary>
    public long? Index { get; init; }

    /// <summary>The physical address of the entry; null for a register.</summary>
    public ulong? EntryAddress { get; init; }

    /// <summary>The size of the entry in bytes, or of the register.</summary>
    public required int Size { get; init; }

    /// <summary>The entry or register; null where the dump doesn't hold it.</summary>
    public ulong? Value { get; init; }

    /// <summary>What it is.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>Its bits in words.</summary>
    public string Flags { get; init; } = "";

    /// <summary>The physical address of the table, or of what the first address maps to; null for other kinds.</summary>
    public ulong? Target { get; init; }

    /// <summary>The table it leads to; null for none.</summary>
    public TablePlace? Next { get; init; }

    /// <summary>The first virtual address it is for; null where it isn't known.</summary>
    public ulong? VirtualAddress { get; init; }

    /// <summary>How many bytes of virtual addresses it is for; null where it isn't known.</summary>
    public ulong? Span { get; init; }

    /// <summary>The attributes of a leaf whose path is known.</summary>
    public MappingAttributes? Attributes { get; init; }

    /// <summary>The page size of a leaf in bytes.</summary>
    public ulong? PageSize { get; init; }

    /// <summary>The rights that the path leaves: of a leaf its own, of a table the most that anything below it can have.</summary>
    public (Rights User, Rights Supervisor)? Rights { get; init; }
}
