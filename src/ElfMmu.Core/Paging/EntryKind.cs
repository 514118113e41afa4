namespace ElfMmu.Paging;

/// <summary>What an entry of a page table is.</summary>
public enum EntryKind
{
    /// <summary>Not present: the MMU faults.</summary>
    Invalid,

    /// <summary>Present, but with bits set that the processor reserves: the MMU faults.</summary>
    Reserved,

    /// <summary>Points to a table one level down.</summary>
    Table,

    /// <summary>Maps a page.</summary>
    Leaf,

    /// <summary>The dump doesn't hold it, so that nothing can be known.</summary>
    Absent,
}
