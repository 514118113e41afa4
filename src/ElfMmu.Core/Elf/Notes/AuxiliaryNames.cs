using System.Globalization;

namespace ElfMmu.Elf.Notes;

/// <summary>The names of what a kernel tells a process (Linux, linux/auxvec.h and each architecture's asm/auxvec.h).</summary>
internal static class AuxiliaryNames
{
    private static readonly string?[] Names =
    [
        "AT_NULL", "AT_IGNORE", "AT_EXECFD", "AT_PHDR", "AT_PHENT", "AT_PHNUM", "AT_PAGESZ", "AT_BASE", "AT_FLAGS", "AT_ENTRY", "AT_NOTELF",
        "AT_UID", "AT_EUID", "AT_GID", "AT_EGID", "AT_PLATFORM", "AT_HWCAP", "AT_CLKTCK", "AT_FPUCW", "AT_DCACHEBSIZE", "AT_ICACHEBSIZE",
        "AT_UCACHEBSIZE", "AT_IGNOREPPC", "AT_SECURE", "AT_BASE_PLATFORM", "AT_RANDOM", "AT_HWCAP2", "AT_RSEQ_FEATURE_SIZE", "AT_RSEQ_ALIGN",
        "AT_HWCAP3", "AT_HWCAP4", "AT_EXECFN", "AT_SYSINFO", "AT_SYSINFO_EHDR", "AT_L1I_CACHESHAPE", "AT_L1D_CACHESHAPE", "AT_L2_CACHESHAPE",
        "AT_L3_CACHESHAPE", null, null, "AT_L1I_CACHESIZE", "AT_L1I_CACHEGEOMETRY", "AT_L1D_CACHESIZE", "AT_L1D_CACHEGEOMETRY", "AT_L2_CACHESIZE",
        "AT_L2_CACHEGEOMETRY", "AT_L3_CACHESIZE", "AT_L3_CACHEGEOMETRY", null, "AT_ADI_BLKSZ", "AT_ADI_NBITS", "AT_MINSIGSTKSZ",
    ];

    public static string Of(ulong type) =>
        (type < (ulong)Names.Length ? Names[type] : null) ?? "AT_0x" + type.ToString("x", CultureInfo.InvariantCulture);
}
