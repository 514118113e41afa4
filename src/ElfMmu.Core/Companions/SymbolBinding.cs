namespace ElfMmu.Companions;

/// <summary>How far a symbol can be seen: the bindings of the ELF specification (gABI, "Symbol Table").</summary>
public enum SymbolBinding : byte
{
    /// <summary>In its own file (STB_LOCAL).</summary>
    Local = 0,

    /// <summary>Everywhere (STB_GLOBAL).</summary>
    Global = 1,

    /// <summary>Everywhere, and another definition goes before it (STB_WEAK).</summary>
    Weak = 2,

    /// <summary>Once in the whole process (STB_GNU_UNIQUE).</summary>
    Unique = 10,
}
