namespace ElfMmu.Companions;

/// <summary>What a symbol names: the types of the ELF specification (gABI, "Symbol Table") that a companion uses.</summary>
public enum SymbolType : byte
{
    /// <summary>Not said (STT_NOTYPE).</summary>
    NoType = 0,

    /// <summary>Data (STT_OBJECT).</summary>
    Object = 1,

    /// <summary>Code (STT_FUNC).</summary>
    Function = 2,

    /// <summary>A section (STT_SECTION).</summary>
    Section = 3,

    /// <summary>A file of source (STT_FILE).</summary>
    File = 4,

    /// <summary>A common block that isn't allocated (STT_COMMON).</summary>
    Common = 5,

    /// <summary>Thread-local data; the address is an offset (STT_TLS).</summary>
    ThreadLocal = 6,

    /// <summary>Code that gives the address of other code (STT_GNU_IFUNC).</summary>
    IndirectFunction = 10,
}
