namespace ElfMmu.Elf;

/// <summary>Rights to a segment: p_flags (gABI, "Program Header"). Bits not named here are kept as they were read.</summary>
[Flags]
public enum ElfSegmentFlags : uint
{
    /// <summary>No access.</summary>
    None = 0,

    /// <summary>Execute (PF_X).</summary>
    Execute = 1,

    /// <summary>Write (PF_W).</summary>
    Write = 2,

    /// <summary>Read (PF_R).</summary>
    Read = 4,

    /// <summary>The operating systems' bits (PF_MASKOS).</summary>
    OsMask = 0x0ff00000,

    /// <summary>The processors' bits (PF_MASKPROC).</summary>
    ProcessorMask = 0xf0000000,
}
