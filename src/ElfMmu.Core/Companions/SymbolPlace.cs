namespace ElfMmu.Companions;

/// <summary>Whether a symbol's value is an address.</summary>
public enum SymbolPlace
{
    /// <summary>It is one.</summary>
    Address,

    /// <summary>It is a number that no section moves (SHN_ABS).</summary>
    Absolute,

    /// <summary>There is none: the symbol is used here and defined elsewhere (SHN_UNDEF).</summary>
    Undefined,
}
