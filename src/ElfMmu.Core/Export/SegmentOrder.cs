namespace ElfMmu.Export;

/// <summary>In which order a core lists its segments.</summary>
public enum SegmentOrder
{
    /// <summary>Ascending by virtual address, as the System V gABI asks of loadable segments.</summary>
    Address,

    /// <summary>
    /// The largest first. Debuggers search the list from its start for every read, so big address spaces get quicker to read;
    /// strict readers may want the order of addresses.
    /// </summary>
    Size,
}
