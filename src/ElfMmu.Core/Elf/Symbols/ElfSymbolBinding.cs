namespace ElfMmu.Elf.Symbols;

/// <summary>How far a symbol is seen when files are linked (the high half of st_info). Numbers without a name here are possible.</summary>
public enum ElfSymbolBinding : byte
{
    /// <summary>In its own file alone (STB_LOCAL).</summary>
    Local = 0,

    /// <summary>In all files (STB_GLOBAL).</summary>
    Global = 1,

    /// <summary>In all files, and any other definition comes first (STB_WEAK).</summary>
    Weak = 2,

    /// <summary>In all files, and once in a process (STB_GNU_UNIQUE).</summary>
    Unique = 10,
}
