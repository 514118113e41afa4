namespace ElfMmu.Elf.Writing;

/// <summary>Section flags that a model's layout knows (gABI, "Sections": sh_flags).</summary>
public static class ElfModelSectionFlags
{
    /// <summary>Writable when loaded (SHF_WRITE).</summary>
    public const ulong Write = 1;

    /// <summary>Takes memory when loaded (SHF_ALLOC).</summary>
    public const ulong Alloc = 2;

    /// <summary>Holds instructions (SHF_EXECINSTR).</summary>
    public const ulong Execute = 4;

    /// <summary>sh_info is a section (SHF_INFO_LINK).</summary>
    public const ulong InfoLink = 0x40;

    /// <summary>Thread-local (SHF_TLS).</summary>
    public const ulong ThreadLocal = 0x400;

    /// <summary>Starts with a compression header (SHF_COMPRESSED).</summary>
    public const ulong Compressed = 0x800;
}
