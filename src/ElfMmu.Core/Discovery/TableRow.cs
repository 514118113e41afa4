namespace ElfMmu.Discovery;

/// <summary>A row of tables that entries lead to: each as far behind the one before as that is behind its own, or right beside it.</summary>
internal struct TableRow
{
    /// <summary>What the last entry leads to.</summary>
    public ulong Last;

    /// <summary>How many tables the row has so far.</summary>
    public int Length;

    private ulong _stride;

    /// <summary>Adds a table to the row, or starts a new one.</summary>
    public void Add(ulong target, ulong size)
    {
        ulong stride = target - Last;
        bool next = Length > 0 && (stride == _stride || stride == size || stride == 0UL - size);
        Length = next ? Length + 1 : 1;
        Last = target;
        _stride = stride;
    }
}
