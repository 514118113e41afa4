using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Discovery;

/// <summary>The modes whose tables are made of the same entries, so that one look at a dump finds the tables of all of them.</summary>
/// <param name="Levels">The levels of the deepest of the modes, the last one first.</param>
/// <param name="Shapes">What top tables look like.</param>
internal abstract record TableFamily(IReadOnlyList<PagingLevel> Levels, IReadOnlyList<RootShape> Shapes)
{
    /// <summary>The architecture.</summary>
    public Architecture Architecture => Shapes[0].Mode.Architecture;

    /// <summary>Bits of a leaf's address that the format ignores and that real leaves of a height have clear.</summary>
    public Func<int, ulong> LeafClear { get; init; } = _ => 0;

    /// <summary>Bits that are clear in entries that lead to tables, because systems leave what processors ignore there clear.</summary>
    public ulong TableClear { get; init; }

    /// <summary>Bits that systems set in most entries that lead to tables.</summary>
    public ulong TableSet { get; init; }

    /// <summary>
    /// Whether a leaf above the last level has to be marked as accessed, because processors refuse to use it otherwise.
    /// </summary>
    public bool NeedsAccessed { get; init; }

    /// <summary>Whether leaves say that they were accessed.</summary>
    public bool HasAccessed { get; init; } = true;

    /// <summary>How many bits of an address are known to be zero because pages and tables are aligned, beyond 4 KiB.</summary>
    public int AlignmentBits => Math.Max(0, Levels[0].Shift - TableScan.FrameShift);

    /// <summary>The same for systems that use the bits of <see cref="TableClear"/>; null where there are none.</summary>
    public abstract TableFamily? Lenient { get; }

    /// <summary>What is alike in families that one look at the bits serves.</summary>
    public abstract object ScanKey(PhysicalMemory memory);

    /// <summary>What finds tables by their bits.</summary>
    /// <param name="memory">The memory.</param>
    public abstract TableScan NewScan(PhysicalMemory memory);

    /// <summary>What closes the tables found.</summary>
    public abstract TableGraph NewGraph(
        PagingOptions options, Placement placement, TableScan scan, FrameBits zeros, CancellationToken cancellation);
}

/// <inheritdoc/>
internal sealed record TableFamily<TFormat, TTest>(
    IReadOnlyList<PagingLevel> Levels,
    IReadOnlyList<RootShape> Shapes,
    Func<PagingOptions, TFormat> Format,
    Func<PhysicalMemory, TTest> Test) : TableFamily(Levels, Shapes)
    where TFormat : struct, IRadixFormat
    where TTest : struct, IEntryTest
{
    /// <inheritdoc/>
    public override TableFamily? Lenient => TableClear == 0 ? null : this with { TableClear = 0 };

    /// <inheritdoc/>
    public override object ScanKey(PhysicalMemory memory) => (Test(memory), Size(Levels[0]), Size(Levels[1]));

    /// <inheritdoc/>
    public override TableScan NewScan(PhysicalMemory memory) =>
        new TableScan<TTest>(Test(memory), memory.PageCount, Size(Levels[0]), Size(Levels[1]));

    /// <inheritdoc/>
    public override TableGraph NewGraph(
        PagingOptions options, Placement placement, TableScan scan, FrameBits zeros, CancellationToken cancellation) =>
        new TableGraph<TFormat>(Format(options), placement.Memory, placement.Map, scan, zeros, this, cancellation);

    private static int Size(PagingLevel level) => level.IndexBits + TFormat.EntrySizeShift;
}
