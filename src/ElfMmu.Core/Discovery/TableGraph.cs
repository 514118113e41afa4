using System.Runtime.CompilerServices;
using ElfMmu.Memory;

namespace ElfMmu.Discovery;

/// <summary>
/// The tables of one family in a memory, closed from the last level up: a table is one when what it leads to are tables of the level
/// below. O(frames that can be tables, times levels).
/// </summary>
internal abstract class TableGraph
{
    /// <summary>What an entry above the last level gives that maps memory, in bits.</summary>
    protected const double LargeLeaf = 1;

    /// <summary>What an entry takes away that can't be right.</summary>
    protected const double BadEntry = 3;

    /// <summary>What an entry takes away that leads to a table the dump doesn't hold.</summary>
    protected const double AbsentTable = 1;

    // What all leaves of a table give at most; where there is nothing else, a table of data would do as well.
    private const double MostOfLeaves = 12;
    private const double MostOfLeavesAlone = 2;

    // From so many repetitions on that are most of a table, and how much speaks against it then.
    private const int MostRepeated = 32;
    private const double Repeating = 1000;

    // From so many tables on at least one is used as systems use them, and what speaks against it otherwise.
    private const int MostUnusual = 4;
    private const double Unusual = 1000;

    // In how many ways tables are used at most, and what speaks against each further one.
    private const int MostFlags = 4;
    private const double ManyFlags = 4;

    // What speaks against each entry, where all stand at even indexes: half of them should stand at odd ones.
    private const double EvenIndex = 1.5;

    // That the rest of a whole table is empty; what is hardly a surprise; how long a row is none, and how much the next one counts.
    private const double WholeTable = 5;
    private const double Commonplace = 2;
    private const int MostInRow = 3;
    private const double NextInRow = 0.25;

    private readonly ulong[] _firsts;

    protected TableGraph(PhysicalMemory memory, PhysicalMap map, TableScan scan, FrameBits zeros, TableFamily family)
    {
        Memory = memory;
        Map = map;
        Scan = scan;
        Zeros = zeros;
        Family = family;
        Tables = new FrameBits[family.Levels.Count];
        Hollow = new FrameBits[family.Levels.Count];
        Referenced = new FrameBits[family.Levels.Count];
        Surprise = new double[family.Levels.Count];
        _firsts = [.. Enumerable.Range(0, memory.Runs.Count).Select(run => memory.PageIndex(memory.Runs[run].Start, run))];
        for (int height = 0; height < Tables.Length; height++)
        {
            int part = height == 0 ? scan.Last.PartShift : 0;
            Tables[height] = new FrameBits(memory.PageCount, part);
            Hollow[height] = new FrameBits(memory.PageCount, part);
            Referenced[height] = new FrameBits(memory.PageCount, part);
        }
    }

    /// <summary>The family.</summary>
    public TableFamily Family { get; }

    /// <summary>The tables by height.</summary>
    public FrameBits[] Tables { get; }

    /// <summary>The tables by height that lead to nothing but empty tables.</summary>
    public FrameBits[] Hollow { get; }

    /// <summary>The tables by height that a table above leads to.</summary>
    public FrameBits[] Referenced { get; }

    /// <summary>By height: how unlikely it is that a frame is a table by chance, in bits.</summary>
    public double[] Surprise { get; }

    /// <summary>Whether so much can be tables that not all was summed up.</summary>
    public abstract bool IsCut { get; }

    /// <summary>What is known of the bits of frames.</summary>
    protected TableScan Scan { get; }

    /// <summary>The memory.</summary>
    protected PhysicalMemory Memory { get; }

    /// <summary>What stands behind addresses.</summary>
    protected PhysicalMap Map { get; }

    /// <summary>The frames that hold nothing but zeros.</summary>
    protected FrameBits Zeros { get; }

    /// <summary>Everything that can be a table above the last level by its bits.</summary>
    public IEnumerable<(ulong Index, ulong Address)> Directories() => Addresses(Scan.Directory);

    /// <summary>Whether something can be a table, by its bits or because it is empty.</summary>
    protected bool MayBeTable(ulong address, ref int hint) =>
        TryIndex(address, Scan.Last, ref hint, out ulong index)
        && (Scan.Last[index] || Scan.Directory[index >> Scan.Last.PartShift] || Zeros[index >> Scan.Last.PartShift]);

    /// <summary>
    /// The tables that a table above the last level points at, in the order of its entries. Of a row of tables there is only the first
    /// one: a row of pointers fits wherever a row of tables is. The list is the same one every time.
    /// </summary>
    public abstract IReadOnlyList<ulong> Pointers(ulong address);

    /// <summary>Closes the graph.</summary>
    public abstract void Close();

    /// <summary>What a table holds, read at a height.</summary>
    public abstract TableContent Read(ulong address, int height, int entries);

    /// <summary>What a table leads to.</summary>
    public abstract TreeSummary Summarize(ulong address, int height, int entries);

    /// <summary>The entries of a top table that lead somewhere.</summary>
    public abstract IReadOnlyList<TopEntry> TopEntries(ulong address, RootShape shape);

    /// <summary>The entry of a top table that leads to the table itself; null for none.</summary>
    public abstract int? SelfMap(ulong address, RootShape shape);

    /// <summary>Whether the first page that a top table maps has the same virtual and physical address.</summary>
    public abstract bool IsIdentity(ulong address, RootShape shape);

    /// <summary>Sets the bits of the frames that hold a tree's tables.</summary>
    /// <param name="address">The top table.</param>
    /// <param name="height">Its height.</param>
    /// <param name="entries">How many entries it has.</param>
    /// <param name="frames">A bit for each frame.</param>
    /// <param name="seen">By height: the tables that were counted before.</param>
    /// <returns>How unlikely it is that the tables that weren't counted before are there by chance, in bits.</returns>
    public abstract double Mark(ulong address, int height, int entries, FrameBits frames, FrameBits[] seen);

    /// <summary>Top tables that are smaller than a frame.</summary>
    /// <param name="shape">What they look like.</param>
    /// <param name="pointers">The frames to look at.</param>
    /// <returns>Their addresses, those of one frame together, in a list that is the same one every time.</returns>
    public abstract IEnumerable<IReadOnlyList<ulong>> SmallTops(RootShape shape, PointerScan pointers);

    /// <summary>
    /// In how many ways the tables below are used, as far as that tells; systems have a few, and data that look like entries of 4 bytes
    /// many.
    /// </summary>
    protected abstract int Flags(in TableContent content);

    /// <summary>Whether a table of entries of 4 bytes may as well be one of entries of 8 bytes.</summary>
    protected abstract bool IsWide(in TableContent content);

    /// <summary>The size of a whole table in bytes.</summary>
    public abstract int TableSize(int height);

    /// <summary>
    /// How unlikely it is by chance that a top table has what it has, in bits. That the rest of a whole table is empty speaks for it.
    /// </summary>
    public double Evidence(in TableContent content, RootShape shape) => content.Evidence
        + Math.Min(content.LeafEvidence, content.Children > 0 ? MostOfLeaves : MostOfLeavesAlone) + (IsWhole(shape) ? WholeTable * content.Zeros / shape.Entries : 0)
        - (content.Repeated > MostRepeated && content.Repeated * 2 > shape.Entries - content.Zeros ? Repeating : 0)
        - (ManyFlags * Math.Max(0, Flags(content) - MostFlags))
        - (content.Children > MostUnusual && !content.IsUsual ? Unusual : 0)
        - (IsWide(content) ? EvenIndex * (shape.Entries - content.Zeros) : 0);

    /// <summary>
    /// How unlikely it is by chance that an entry leads to a table, in bits. Tables that stand in a row are hit by any row of
    /// pointers, such as that of a table of the last level.
    /// </summary>
    /// <param name="row">The row of tables that entries lead to, with this one.</param>
    /// <param name="height">The table's height.</param>
    protected double Evidence(in TableRow row, int height)
    {
        double surprise = Surprise[height];
        return surprise * surprise / (surprise + Commonplace) * (row.Length > MostInRow ? NextInRow : 1);
    }

    /// <summary>Whether top tables of a shape are whole tables.</summary>
    public bool IsWhole(RootShape shape) =>
        shape.Entries == Family.Levels[shape.Height].EntryCount && TableSize(shape.Height) == 1 << Scan.DirectoryShift;

    /// <summary>The tables of a height that no table above leads to, and that aren't tables of the height above themselves.</summary>
    public IEnumerable<ulong> Tops(int height)
    {
        FrameBits? above = height + 1 < Tables.Length ? Tables[height + 1] : null;
        return Addresses(Tables[height]).Where(t => !Referenced[height][t.Index] && above?[t.Index] != true).Select(t => t.Address);
    }

    /// <summary>The number of an address's frame, if the memory holds it.</summary>
    public bool TryFrame(ulong address, out ulong frame)
    {
        int hint = 0;
        return TryIndex(address, Zeros, ref hint, out frame);
    }

    /// <summary>The addresses of what bits stand for, ascending by frame.</summary>
    protected IEnumerable<(ulong Index, ulong Address)> Addresses(FrameBits bits)
    {
        int run = 0;
        foreach (ulong index in bits.Indexes())
        {
            ulong frame = index >> bits.PartShift;
            while (run + 1 < _firsts.Length && frame >= _firsts[run + 1])
            {
                run++;
            }

            ulong start = Memory.Runs[run].Start & ~0xfffUL;
            ulong part = index & ((1UL << bits.PartShift) - 1);
            yield return (
                index,
                start + ((frame - _firsts[run]) << TableScan.FrameShift) + (part << (TableScan.FrameShift - bits.PartShift)));
        }
    }

    /// <summary>The number of a table's bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected bool TryIndex(ulong address, FrameBits bits, ref int hint, out ulong index)
    {
        if (!Memory.TryFind(address, ref hint))
        {
            index = 0;
            return false;
        }

        index = (Memory.PageIndex(address, hint) << bits.PartShift)
            | ((address & 0xfff) >> (TableScan.FrameShift - bits.PartShift));
        return true;
    }
}
