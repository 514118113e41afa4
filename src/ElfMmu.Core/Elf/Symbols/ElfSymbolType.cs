namespace ElfMmu.Elf.Symbols;

/// <summary>What a symbol stands for (the low half of st_info). Numbers without a name here are possible: systems and processors have their own.</summary>
public enum ElfSymbolType : byte
{
    /// <summary>Not said (STT_NOTYPE).</summary>
    None = 0,

    /// <summary>Data (STT_OBJECT).</summary>
    Object = 1,

    /// <summary>Code (STT_FUNC).</summary>
    Function = 2,

    /// <summary>A section (STT_SECTION).</summary>
    Section = 3,

    /// <summary>A source file (STT_FILE).</summary>
    File = 4,

    /// <summary>An uninitialised common block (STT_COMMON).</summary>
    Common = 5,

    /// <summary>Data of each thread, by its offset among them (STT_TLS).</summary>
    ThreadLocal = 6,

    /// <summary>An expression for a relocation (STT_RELC).</summary>
    Expression = 8,

    /// <summary>A signed expression for a relocation (STT_SRELC).</summary>
    SignedExpression = 9,

    /// <summary>Code that returns the address of the function meant (STT_GNU_IFUNC).</summary>
    IndirectFunction = 10,
}
