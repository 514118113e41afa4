namespace ElfMmu.Discovery;

/// <summary>A row of tables, one behind the other, that entries lead to.</summary>
internal struct TableRow
{
    /// <summary>What the last entry leads to.</summary>
    public ulong Last;

    /// <summary>How many tables the row has so far.</summary>
    public int Length;

    /// <summary>Adds a table to the row, or starts a new one.</summary>
    public void Add(ulong target, ulong size)
    {
        bool next = Length > 0 && (target - Last == size || Last - target == size);
        Length = next ? Length + 1 : 1;
        Last = target;
    }
}
