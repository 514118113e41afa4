namespace ElfMmu.Elf.Symbols;

/// <summary>How far a symbol is seen outside the file it was linked into (the low two bits of st_other).</summary>
public enum ElfSymbolVisibility : byte
{
    /// <summary>As its binding says (STV_DEFAULT).</summary>
    Default = 0,

    /// <summary>Hidden, in a way the processor's supplement defines (STV_INTERNAL).</summary>
    Internal = 1,

    /// <summary>Not at all (STV_HIDDEN).</summary>
    Hidden = 2,

    /// <summary>Seen, and not replaced by another file's (STV_PROTECTED).</summary>
    Protected = 3,
}
