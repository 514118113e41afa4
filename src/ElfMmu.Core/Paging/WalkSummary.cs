namespace ElfMmu.Paging;

/// <summary>What a walk came across beside the mappings.</summary>
public sealed class WalkSummary
{
    private readonly List<string> _warnings = [];

    /// <summary>Table pages read, each as often as it was visited.</summary>
    public ulong Tables { get; internal set; }

    /// <summary>Leaves found, before any filter.</summary>
    public ulong Leaves { get; internal set; }

    /// <summary>Entries that point to a table the dump doesn't hold; what they map is unknown.</summary>
    public ulong AbsentTables { get; internal set; }

    /// <summary>The first such table's physical address.</summary>
    public ulong? FirstAbsentTable { get; internal set; }

    /// <summary>Entries that the processor would refuse because reserved bits are set.</summary>
    public ulong ReservedEntries { get; internal set; }

    /// <summary>Shared subtrees left out because <see cref="WalkRequest.SharedTableLimit"/> was reached.</summary>
    public ulong SkippedTables { get; internal set; }

    /// <summary>The virtual address of the first subtree left out.</summary>
    public ulong? FirstSkippedAddress { get; internal set; }

    /// <summary>Whether the sink ended the walk.</summary>
    public bool Stopped { get; internal set; }

    /// <summary>
    /// What of the processor's state isn't known or can't be, so that what depends on it is missing: whole sentences for people.
    /// </summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Adds to <see cref="Warnings"/>.</summary>
    internal void Warn(string warning) => _warnings.Add(warning);

    /// <summary>Counts a table that the dump doesn't hold.</summary>
    internal void AddAbsentTable(ulong table)
    {
        AbsentTables++;
        FirstAbsentTable ??= table;
    }
}
