using ElfMmu.Memory;
using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>
/// Reads the page tables of a space entry by entry, for people who debug them. For one thread, and for as long as the dump is open.
/// </summary>
public sealed class PageTableReader
{
    private readonly AddressSpace _space;
    private readonly PhysicalMemory _memory;
    private readonly TableView _view;
    private readonly TableView? _nested;

    internal PageTableReader(AddressSpace space, TableView view, TableView? nested)
    {
        _space = space;
        _memory = space.NewWalk().Memory;
        _view = view;
        _nested = nested;
    }

    /// <summary>
    /// The way of an address through the tables. Of a guest's address it goes on with the way of what that comes to through the
    /// hypervisor's tables. O(levels).
    /// </summary>
    /// <param name="address">The virtual address; it may carry a tag where the processor ignores it.</param>
    /// <returns>The steps, the last of which is the leaf or where the way ends; none when the mode doesn't translate the address.</returns>
    public IReadOnlyList<PageTableEntry> Trace(ulong address)
    {
        var steps = new List<WalkStep>();
        Translation guest = _view.Trace(address, steps);
        var entries = new List<PageTableEntry>(steps.Select(s => Entry(s, 1)));
        if (_nested != null && guest.IsMapped)
        {
            steps.Clear();
            _nested.Trace(guest.PhysicalAddress, steps);
            entries.AddRange(steps.Select(s => Entry(s, 2)));
        }

        return entries;
    }

    /// <summary>The entries of the top table, or of both, also the empty ones. They are read as they are asked for.</summary>
    public IEnumerable<PageTableEntry> RootTable() => _view.Roots.SelectMany(Entries);

    /// <summary>The entries of the table on the way of an address.</summary>
    /// <param name="address">The virtual address.</param>
    /// <param name="level">The level's number, as the architecture counts; null for the last table the way reaches.</param>
    /// <exception cref="ElfMmuException">
    /// <c>LevelNotInMode</c>: the mode has no such level; <c>AddressNotTranslated</c>: the mode doesn't translate the address;
    /// <c>TableNotReached</c>: the way ends above the level.
    /// </exception>
    public IEnumerable<PageTableEntry> TableOf(ulong address, int? level = null)
    {
        var steps = new List<WalkStep>();
        _view.Trace(address, steps);
        WalkStep? found = steps.FindLast(s => s.Table != null && (level == null || s.Level == level));
        if (found != null)
        {
            return Entries(found.Table!);
        }

        if (level is { } wanted)
        {
            CheckLevel(wanted);
        }

        throw steps.Count == 0 || level == null
            ? new ElfMmuException(
                "AddressNotTranslated",
                ErrorKind.InvalidArgument,
                $"0x{address:x} goes through no table of root 0x{_space.Identity.Root:x} ({_space.Identity.Mode.Name}): it isn't an address "
                + "of this mode, or registers translate it.")
            : new ElfMmuException(
                "TableNotReached",
                ErrorKind.InvalidArgument,
                $"The way of 0x{address:x} doesn't reach a table of level {level}: it ends with {Entry(steps[^1], 1)}. Leave the level "
                + "out for the last table there is.");
    }

    /// <summary>The entries of the table that an entry points to, with the addresses and rights that its way gives them.</summary>
    /// <exception cref="ElfMmuException"><c>EntryNotTable</c>: the entry points to no table.</exception>
    public IEnumerable<PageTableEntry> TableBelow(PageTableEntry entry)
    {
        if (entry.Next is { } next)
        {
            return entry.Stage == 1 ? Entries(next) : NestedEntries(next);
        }

        throw new ElfMmuException(
            "EntryNotTable",
            ErrorKind.InvalidArgument,
            $"{entry} points to no table. Choose entries whose Kind is Table.");
    }

    /// <summary>A page read as a table of a level; nothing is known of how it is reached, so addresses and rights aren't known either.</summary>
    /// <param name="table">Its physical address.</param>
    /// <param name="level">The level's number, as the architecture counts.</param>
    /// <exception cref="ElfMmuException">
    /// <c>LevelNotInMode</c>; <c>TableNotInDump</c>: the dump has nothing of such a table.
    /// </exception>
    public IEnumerable<PageTableEntry> TableAt(ulong table, int level)
    {
        TablePlace place = CheckLevel(level, table);
        if (!_memory.TryRead(table, stackalloc byte[1]) && _view.Entries(place).All(e => e.Kind == EntryKind.Absent))
        {
            throw new ElfMmuException(
                "TableNotInDump",
                ErrorKind.InvalidArgument,
                $"The dump has nothing of a table at physical 0x{table:x}; its memory is {_memory.Describe()}.");
        }

        return Entries(place);
    }

    private TablePlace CheckLevel(int level, ulong table = 0) => _view.At(table, level) ?? throw new ElfMmuException(
        "LevelNotInMode",
        ErrorKind.InvalidArgument,
        $"Mode {_space.Identity.Mode.Name} has no tables of level {level}. Its levels are "
        + $"{string.Join(", ", _space.Identity.Mode.Levels.Select(l => $"{l.Number} ({l.Name})"))}.");

    private IEnumerable<PageTableEntry> Entries(TablePlace table) => _view.Entries(table).Select(e => Entry(e, 1));

    private IEnumerable<PageTableEntry> NestedEntries(TablePlace table) => _nested!.Entries(table).Select(e => Entry(e, 2));

    private PageTableEntry Entry(WalkStep step, int stage) =>
        new(step, _space.Identity, stage, Locate(stage == 1 ? _memory : _space.Dump.Memory, step.EntryAddress));

    private static (string File, ulong Offset)? Locate(PhysicalMemory memory, ulong? address)
    {
        int hint = 0;
        if (address is not { } known || !memory.TryFind(known, ref hint))
        {
            return null;
        }

        PhysicalRun run = memory.Runs[hint];
        return (run.Source.Name, run.Offset + (known - run.Start));
    }
}
