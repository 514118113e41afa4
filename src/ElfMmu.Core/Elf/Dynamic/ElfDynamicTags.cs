namespace ElfMmu.Elf.Dynamic;

/// <summary>The tags of the dynamic section that the reader acts on (gABI, "Dynamic Section"; LSB).</summary>
public static class ElfDynamicTags
{
    /// <summary>DT_NULL, which ends the section.</summary>
    public const ulong Null = 0;

    /// <summary>DT_NEEDED.</summary>
    public const ulong Needed = 1;

    /// <summary>DT_HASH.</summary>
    public const ulong Hash = 4;

    /// <summary>DT_STRTAB.</summary>
    public const ulong Strings = 5;

    /// <summary>DT_SYMTAB.</summary>
    public const ulong Symbols = 6;

    /// <summary>DT_STRSZ.</summary>
    public const ulong StringsSize = 10;

    /// <summary>DT_SYMENT.</summary>
    public const ulong SymbolSize = 11;

    /// <summary>DT_SONAME.</summary>
    public const ulong SoName = 14;

    /// <summary>DT_DEBUG.</summary>
    public const ulong Debug = 21;

    /// <summary>DT_SYMTAB_SHNDX.</summary>
    public const ulong SymbolSections = 34;

    /// <summary>DT_GNU_HASH.</summary>
    public const ulong GnuHash = 0x6ffffef5;

    /// <summary>DT_VERSYM.</summary>
    public const ulong SymbolVersions = 0x6ffffff0;

    /// <summary>DT_FLAGS_1.</summary>
    public const ulong Flags1 = 0x6ffffffb;

    /// <summary>DT_VERDEF.</summary>
    public const ulong VersionDefinitions = 0x6ffffffc;

    /// <summary>DT_VERDEFNUM.</summary>
    public const ulong VersionDefinitionCount = 0x6ffffffd;

    /// <summary>DT_VERNEED.</summary>
    public const ulong VersionNeeds = 0x6ffffffe;

    /// <summary>DT_VERNEEDNUM.</summary>
    public const ulong VersionNeedCount = 0x6fffffff;
}
