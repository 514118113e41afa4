namespace ElfMmu;

/// <summary>A processor architecture; the word size is kept beside it.</summary>
public enum Architecture
{
    /// <summary>Nobody said.</summary>
    Unknown,

    /// <summary>Intel and AMD, 32 and 64 bit.</summary>
    X86,

    /// <summary>ARM, 32 bit.</summary>
    Arm,

    /// <summary>ARM, 64 bit.</summary>
    AArch64,

    /// <summary>RISC-V, 32 and 64 bit.</summary>
    RiscV,

    /// <summary>PowerPC.</summary>
    PowerPC,

    /// <summary>MIPS.</summary>
    Mips,
}
