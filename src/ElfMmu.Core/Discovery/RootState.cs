namespace ElfMmu.Discovery;

/// <summary>What a candidate root seems to be, as far as the dump shows it.</summary>
public enum RootState
{
    /// <summary>The top table of an address space.</summary>
    Live,

    /// <summary>A table with the same kernel half as others and nothing else: the kernel's own, or what a freed one left behind.</summary>
    KernelOnly,

    /// <summary>A top table whose content another, better candidate has too.</summary>
    Duplicate,

    /// <summary>What is left of a top table that is no longer in use: it leads to tables that were freed or used for something else.</summary>
    Stale,

    /// <summary>A table below another candidate's top table, which can be read as a root of its own.</summary>
    Part,
}
