namespace ElfMmu.Discovery;

/// <summary>What a table leads to, over all levels.</summary>
internal struct TreeSummary
{
    /// <summary>How many tables, those that are shared as often as they turn up.</summary>
    public ulong Tables;

    /// <summary>How many bytes user mode has any right to.</summary>
    public ulong UserBytes;

    /// <summary>How many bytes user mode can read or write.</summary>
    public ulong UserDataBytes;

    /// <summary>How many bytes only supervisor mode has rights to.</summary>
    public ulong SupervisorBytes;

    /// <summary>Leaves of any size.</summary>
    public ulong Leaves;

    /// <summary>Leaves larger than the smallest page.</summary>
    public ulong LargeLeaves;

    /// <summary>Leaves the processor has used.</summary>
    public ulong AccessedLeaves;

    /// <summary>Entries above the last level that lead to what they should.</summary>
    public ulong Good;

    /// <summary>Entries above the last level that can't be right.</summary>
    public ulong Bad;

    /// <summary>Entries that lead to tables the dump doesn't hold.</summary>
    public ulong Absent;

    /// <summary>How unlikely it is that all this is chance, in bits.</summary>
    public double Evidence;

    /// <summary>Adds what a child leads to.</summary>
    public void Add(in TreeSummary other)
    {
        Tables += other.Tables;
        UserBytes += other.UserBytes;
        UserDataBytes += other.UserDataBytes;
        SupervisorBytes += other.SupervisorBytes;
        Leaves += other.Leaves;
        LargeLeaves += other.LargeLeaves;
        AccessedLeaves += other.AccessedLeaves;
        Good += other.Good;
        Bad += other.Bad;
        Absent += other.Absent;
        Evidence += other.Evidence;
    }
}
