namespace ElfMmu.Elf;

/// <summary>Section attributes that are acted on (gABI, "Sections": sh_flags). A file may have any other bit as well.</summary>
public static class ElfSectionFlags
{
    /// <summary>Writable when loaded (SHF_WRITE).</summary>
    public const ulong Write = 1;

    /// <summary>Takes memory when loaded (SHF_ALLOC).</summary>
    public const ulong Alloc = 2;

    /// <summary>Holds instructions (SHF_EXECINSTR).</summary>
    public const ulong Execute = 4;

    /// <summary>Equal elements may be merged (SHF_MERGE).</summary>
    public const ulong Merge = 0x10;

    /// <summary>Its elements are strings that end with a NUL (SHF_STRINGS).</summary>
    public const ulong Strings = 0x20;

    /// <summary>sh_info is a section (SHF_INFO_LINK).</summary>
    public const ulong InfoLink = 0x40;

    /// <summary>Stands in the order of the section that sh_link names (SHF_LINK_ORDER).</summary>
    public const ulong LinkOrder = 0x80;

    /// <summary>Belongs to a group (SHF_GROUP).</summary>
    public const ulong Group = 0x200;

    /// <summary>Thread-local (SHF_TLS).</summary>
    public const ulong ThreadLocal = 0x400;

    /// <summary>Starts with a compression header (SHF_COMPRESSED).</summary>
    public const ulong Compressed = 0x800;
}
