namespace ElfMmu.Elf;

/// <summary>
/// What a segment is: p_type (gABI, "Program Header"). Values of the processors' range mean different things on different
/// machines; <see cref="ElfNames.SegmentType"/> names them.
/// </summary>
public enum ElfSegmentType : uint
{
    /// <summary>An unused entry (PT_NULL).</summary>
    Null = 0,

    /// <summary>Bytes to be loaded (PT_LOAD).</summary>
    Load = 1,

    /// <summary>Dynamic linking information (PT_DYNAMIC).</summary>
    Dynamic = 2,

    /// <summary>Path of the interpreter (PT_INTERP).</summary>
    Interpreter = 3,

    /// <summary>Notes (PT_NOTE).</summary>
    Note = 4,

    /// <summary>Reserved, without a meaning (PT_SHLIB).</summary>
    SharedLibrary = 5,

    /// <summary>The program header table itself (PT_PHDR).</summary>
    ProgramHeaderTable = 6,

    /// <summary>Template of the thread-local storage (PT_TLS).</summary>
    ThreadLocalStorage = 7,

    /// <summary>First value of the operating systems' range (PT_LOOS).</summary>
    OsSpecificLow = 0x60000000,

    /// <summary>Unwind table index (PT_GNU_EH_FRAME, also PT_SUNW_EH_FRAME).</summary>
    GnuEhFrame = 0x6474e550,

    /// <summary>Whether the stack may be executed (PT_GNU_STACK).</summary>
    GnuStack = 0x6474e551,

    /// <summary>To be made read-only after relocation (PT_GNU_RELRO).</summary>
    GnuRelro = 0x6474e552,

    /// <summary>Property notes (PT_GNU_PROPERTY).</summary>
    GnuProperty = 0x6474e553,

    /// <summary>Stack trace information (PT_GNU_SFRAME).</summary>
    GnuSFrame = 0x6474e554,

    /// <summary>To be filled with random bytes (PT_OPENBSD_RANDOMIZE).</summary>
    OpenBsdRandomize = 0x65a3dbe6,

    /// <summary>Needs pages that are writable and executable (PT_OPENBSD_WXNEEDED).</summary>
    OpenBsdWxNeeded = 0x65a3dbe7,

    /// <summary>Arguments of the boot loader (PT_OPENBSD_BOOTDATA).</summary>
    OpenBsdBootData = 0x65a41be6,

    /// <summary>Solaris: zero-filled data (PT_SUNWBSS).</summary>
    SunwBss = 0x6ffffffa,

    /// <summary>Solaris: the stack (PT_SUNWSTACK).</summary>
    SunwStack = 0x6ffffffb,

    /// <summary>Last value of the operating systems' range (PT_HIOS).</summary>
    OsSpecificHigh = 0x6fffffff,

    /// <summary>First value of the processors' range (PT_LOPROC).</summary>
    ProcessorSpecificLow = 0x70000000,

    /// <summary>ARM: unwind table (PT_ARM_EXIDX).</summary>
    ArmExidx = 0x70000001,

    /// <summary>AArch64: memory tags in a core file (PT_AARCH64_MEMTAG_MTE).</summary>
    AArch64MemoryTags = 0x70000002,

    /// <summary>RISC-V: attributes (PT_RISCV_ATTRIBUTES).</summary>
    RiscVAttributes = 0x70000003,

    /// <summary>Last value of the processors' range (PT_HIPROC).</summary>
    ProcessorSpecificHigh = 0x7fffffff,
}
