namespace ElfMmu.Elf.Writing;

/// <summary>Numbers of symbols (gABI, "Symbol Table"): st_info, st_other and st_shndx.</summary>
public static class ElfModelSymbolNumbers
{
    /// <summary>A symbol of no type (STT_NOTYPE).</summary>
    public const byte NoType = 0;

    /// <summary>A variable (STT_OBJECT).</summary>
    public const byte Object = 1;

    /// <summary>A function (STT_FUNC).</summary>
    public const byte Function = 2;

    /// <summary>A section (STT_SECTION).</summary>
    public const byte Section = 3;

    /// <summary>A source file (STT_FILE).</summary>
    public const byte File = 4;

    /// <summary>A thread-local variable (STT_TLS).</summary>
    public const byte ThreadLocal = 6;

    /// <summary>Seen in its file alone (STB_LOCAL).</summary>
    public const byte Local = 0;

    /// <summary>Seen everywhere (STB_GLOBAL).</summary>
    public const byte Global = 1;

    /// <summary>Seen everywhere, but gives way (STB_WEAK).</summary>
    public const byte Weak = 2;

    /// <summary>In no section: somebody else has it (SHN_UNDEF).</summary>
    public const ushort Undefined = 0;

    /// <summary>In no section: a number that doesn't move (SHN_ABS).</summary>
    public const ushort Absolute = 0xfff1;

    /// <summary>In no section: not placed yet (SHN_COMMON).</summary>
    public const ushort Common = 0xfff2;
}
