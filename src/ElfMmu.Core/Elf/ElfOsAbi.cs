namespace ElfMmu.Elf;

/// <summary>
/// Whose extensions a file may use: e_ident[EI_OSABI] (gABI, "ELF Identification"). From 64 on the meaning belongs to the
/// machine, so that one number has several names.
/// </summary>
public enum ElfOsAbi : byte
{
    /// <summary>No extensions, or none said: UNIX System V (ELFOSABI_NONE).</summary>
    None = 0,

    /// <summary>HP-UX (ELFOSABI_HPUX).</summary>
    HpUx = 1,

    /// <summary>NetBSD (ELFOSABI_NETBSD).</summary>
    NetBsd = 2,

    /// <summary>GNU, formerly Linux (ELFOSABI_GNU).</summary>
    Gnu = 3,

    /// <summary>Solaris (ELFOSABI_SOLARIS).</summary>
    Solaris = 6,

    /// <summary>AIX (ELFOSABI_AIX).</summary>
    Aix = 7,

    /// <summary>IRIX (ELFOSABI_IRIX).</summary>
    Irix = 8,

    /// <summary>FreeBSD (ELFOSABI_FREEBSD).</summary>
    FreeBsd = 9,

    /// <summary>TRU64 UNIX (ELFOSABI_TRU64).</summary>
    Tru64 = 10,

    /// <summary>Novell Modesto (ELFOSABI_MODESTO).</summary>
    Modesto = 11,

    /// <summary>OpenBSD (ELFOSABI_OPENBSD).</summary>
    OpenBsd = 12,

    /// <summary>OpenVMS (ELFOSABI_OPENVMS).</summary>
    OpenVms = 13,

    /// <summary>HP Non-Stop Kernel (ELFOSABI_NSK).</summary>
    NonStopKernel = 14,

    /// <summary>AROS (ELFOSABI_AROS).</summary>
    Aros = 15,

    /// <summary>FenixOS (ELFOSABI_FENIXOS).</summary>
    FenixOs = 16,

    /// <summary>Nuxi CloudABI (ELFOSABI_CLOUDABI).</summary>
    CloudAbi = 17,

    /// <summary>Stratus Technologies OpenVOS (ELFOSABI_OPENVOS).</summary>
    OpenVos = 18,

    /// <summary>Bare-metal C6000, on EM_TI_C6000 (ELFOSABI_C6000_ELFABI).</summary>
    C6000ElfAbi = 64,

    /// <summary>HSA run time, on EM_AMDGPU (ELFOSABI_AMDGPU_HSA).</summary>
    AmdGpuHsa = 64,

    /// <summary>Linux on C6000, on EM_TI_C6000 (ELFOSABI_C6000_LINUX).</summary>
    C6000Linux = 65,

    /// <summary>ARM FDPIC, on EM_ARM (ELFOSABI_ARM_FDPIC).</summary>
    ArmFdpic = 65,

    /// <summary>ARM, on EM_ARM (ELFOSABI_ARM).</summary>
    Arm = 97,

    /// <summary>A stand-alone program (ELFOSABI_STANDALONE).</summary>
    Standalone = 255,
}
