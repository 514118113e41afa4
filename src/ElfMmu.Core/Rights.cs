namespace ElfMmu;

/// <summary>Rights to a page; the bits are those of an ELF segment's p_flags (System V gABI, "Program Header").</summary>
[Flags]
public enum Rights
{
    /// <summary>No access.</summary>
    None = 0,

    /// <summary>Instructions can be fetched (PF_X).</summary>
    Execute = 1,

    /// <summary>Data can be written (PF_W).</summary>
    Write = 2,

    /// <summary>Data can be read (PF_R).</summary>
    Read = 4,
}
