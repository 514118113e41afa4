namespace ElfMmu.Paging;

/// <summary>A level of the page walk.</summary>
/// <param name="Number">1 for the page table, 2 to 4 for the middle, upper and global directory.</param>
/// <param name="Shift">The lowest bit of the address that selects an entry.</param>
/// <param name="Width">How many bits select an entry.</param>
/// <param name="EntrySizeShift">The base-two logarithm of an entry's size in bytes.</param>
internal readonly record struct MipsDirectory(int Number, int Shift, int Width, int EntrySizeShift)
{
    private const int AddressBits = 32;
    private const int MaximumPartSize = 4096;

    /// <summary>How many entries can be selected: bits above the address are 0.</summary>
    public int EntryCount => 1 << Math.Clamp(Width, 0, Math.Max(AddressBits - Shift, 0));

    /// <summary>The size of a table in bytes.</summary>
    public int TableSize => EntryCount << EntrySizeShift;

    /// <summary>The index of an address's entry.</summary>
    public int Index(ulong address) => (int)((address >> Shift) & (ulong)(EntryCount - 1));

    /// <summary>The size of what can be read of a table at once, in bytes: a page of it at most.</summary>
    public int PartSize => Math.Min(TableSize, MaximumPartSize);
}
