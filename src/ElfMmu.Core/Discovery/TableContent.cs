namespace ElfMmu.Discovery;

/// <summary>What stands in one table: how many entries of each kind.</summary>
internal struct TableContent
{
    /// <summary>Entries that lead to tables.</summary>
    public int Children;

    /// <summary>Entries that lead to tables in which nothing is mapped.</summary>
    public int Empty;

    /// <summary>Entries that map memory the dump holds, or devices.</summary>
    public int Leaves;

    /// <summary>Entries that map something else.</summary>
    public int Outside;

    /// <summary>Entries that lead to tables the dump doesn't hold.</summary>
    public int Absent;

    /// <summary>Entries that can't be right.</summary>
    public int Bad;

    /// <summary>Entries that lead to where the entry before leads, or to the table itself.</summary>
    public int Repeated;

    /// <summary>Entries that are zero.</summary>
    public int Zeros;

    /// <summary>A bit for each way in which tables are said to be used, spread over 64.</summary>
    public ulong Flags;

    /// <summary>Whether any entry has the bits that systems set in entries that lead to tables.</summary>
    public bool IsUsual;

    /// <summary>Whether anything but zero, or a bit 31 alone, stands at an odd index.</summary>
    public bool HasOdd;

    /// <summary>How unlikely it is that what leads to tables is chance, in bits.</summary>
    public double Evidence;

    /// <summary>The same of what maps memory.</summary>
    public double LeafEvidence;

    /// <summary>Entries that speak for a table.</summary>
    public readonly int Good => Children + Leaves;
}
