namespace ElfMmu.Elf;

/// <summary>What a file is: e_type (gABI, "ELF Header").</summary>
public enum ElfType : ushort
{
    /// <summary>No file type (ET_NONE).</summary>
    None = 0,

    /// <summary>Relocatable file (ET_REL).</summary>
    Relocatable = 1,

    /// <summary>Executable file (ET_EXEC).</summary>
    Executable = 2,

    /// <summary>Shared object file, or a position-independent executable (ET_DYN).</summary>
    SharedObject = 3,

    /// <summary>Core file (ET_CORE).</summary>
    Core = 4,

    /// <summary>First value of the operating systems' range (ET_LOOS).</summary>
    OsSpecificLow = 0xfe00,

    /// <summary>Last value of the operating systems' range (ET_HIOS).</summary>
    OsSpecificHigh = 0xfeff,

    /// <summary>First value of the processors' range (ET_LOPROC).</summary>
    ProcessorSpecificLow = 0xff00,

    /// <summary>Last value of the processors' range (ET_HIPROC).</summary>
    ProcessorSpecificHigh = 0xffff,
}
