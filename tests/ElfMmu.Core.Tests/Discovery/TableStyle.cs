using ElfMmu.Paging;

namespace ElfMmu.Tests.Discovery;

/// <summary>How an operating system writes the tables of a mode: what is needed to plant an address space, and no more.</summary>
internal sealed record TableStyle
{
    /// <summary>What a test calls it.</summary>
    public required string Name { get; init; }

    /// <summary>The mode.</summary>
    public required string Mode { get; init; }

    /// <summary>The width of an entry in bytes.</summary>
    public required int EntrySize { get; init; }

    /// <summary>The lowest bit and the count of bits that select an entry, from the root down.</summary>
    public required (int Shift, int Bits)[] Levels { get; init; }

    /// <summary>The level (0 is the root's) of large pages; null for none.</summary>
    public int? LargeLevel { get; init; }

    /// <summary>Whether user and kernel have roots of their own.</summary>
    public bool TwoRoots { get; init; }

    /// <summary>The share of the addresses, in quarters, that is user mode's, where there is one root.</summary>
    public int UserQuarters { get; init; } = 2;

    /// <summary>An entry that leads to a table, which begins at a physical address; at a level; for user mode or not.</summary>
    public required Func<ulong, int, bool, ulong> Table { get; init; }

    /// <summary>An entry that maps a page.</summary>
    public required Func<ulong, PageUse, ulong> Page { get; init; }

    /// <summary>The size of a page.</summary>
    public int PageSize => 1 << Levels[^1].Shift;

    /// <summary>The count of bits of an address.</summary>
    public int AddressBits => Levels[0].Shift + Levels[0].Bits;

    /// <summary>The size of a table at a level, in bytes.</summary>
    public int TableSize(int level) => EntrySize << Levels[level].Bits;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
