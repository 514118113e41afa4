namespace ElfMmu.Memory;

/// <summary>What stands behind a physical address.</summary>
public enum RegionKind : byte
{
    /// <summary>Memory whose bytes the dump holds.</summary>
    Ram,

    /// <summary>A memory-mapped device (or anything else the dump names but holds no bytes of).</summary>
    Device,

    /// <summary>Nothing that the dump knows of.</summary>
    Absent,
}
