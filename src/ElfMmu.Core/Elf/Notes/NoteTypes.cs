using System.Globalization;

namespace ElfMmu.Elf.Notes;

/// <summary>
/// The names of note types, which each owner numbers for itself, as the headers of Linux, GNU binutils, Xen and the BSDs have them. A word
/// that starts with <c>=</c> is the hexadecimal number of the next name.
/// </summary>
internal static class NoteTypes
{
    private const string Core =
        "=1 NT_PRSTATUS NT_FPREGSET NT_PRPSINFO NT_TASKSTRUCT NT_PLATFORM NT_AUXV NT_GWINDOWS NT_ASRS =a NT_PSTATUS =c NT_FPREGS " +
        "NT_PSINFO NT_PRCRED NT_UTSNAME NT_LWPSTATUS NT_LWPSINFO NT_WIN32PSTATUS =14 NT_PRFPXREG " +
        "=100 NT_PPC_VMX NT_PPC_SPE NT_PPC_VSX NT_PPC_TAR NT_PPC_PPR NT_PPC_DSCR NT_PPC_EBB NT_PPC_PMU NT_PPC_TM_CGPR NT_PPC_TM_CFPR " +
        "NT_PPC_TM_CVMX NT_PPC_TM_CVSX NT_PPC_TM_SPR NT_PPC_TM_CTAR NT_PPC_TM_CPPR NT_PPC_TM_CDSCR NT_PPC_PKEY " +
        "=200 NT_386_TLS NT_386_IOPERM NT_X86_XSTATE NT_X86_CET NT_X86_SHSTK NT_X86_XSAVE_LAYOUT " +
        "=300 NT_S390_HIGH_GPRS NT_S390_TIMER NT_S390_TODCMP NT_S390_TODPREG NT_S390_CTRS NT_S390_PREFIX NT_S390_LAST_BREAK " +
        "NT_S390_SYSTEM_CALL NT_S390_TDB NT_S390_VXRS_LOW NT_S390_VXRS_HIGH NT_S390_GS_CB NT_S390_GS_BC NT_S390_RI_CB NT_S390_PV_CPU_DATA " +
        "=400 NT_ARM_VFP NT_ARM_TLS NT_ARM_HW_BREAK NT_ARM_HW_WATCH NT_ARM_SYSTEM_CALL NT_ARM_SVE NT_ARM_PAC_MASK NT_ARM_PACA_KEYS " +
        "NT_ARM_PACG_KEYS NT_ARM_TAGGED_ADDR_CTRL NT_ARM_PAC_ENABLED_KEYS NT_ARM_SSVE NT_ARM_ZA NT_ARM_ZT NT_ARM_FPMR " +
        "=600 NT_ARC_V2 =700 NT_VMCOREDD =800 NT_MIPS_DSP NT_MIPS_FP_MODE NT_MIPS_MSA =900 NT_RISCV_CSR NT_RISCV_VECTOR " +
        "=a00 NT_LOONGARCH_CPUCFG NT_LOONGARCH_CSR NT_LOONGARCH_LSX NT_LOONGARCH_LASX NT_LOONGARCH_LBT " +
        "=46494c45 NT_FILE =46e62b7f NT_PRXFPREG =53494749 NT_SIGINFO =ff000000 NT_GDB_TDESC";

    private const string Any = "=1 NT_VERSION NT_ARCH";

    private static readonly Dictionary<string, Dictionary<uint, string>> Owners = new()
    {
        ["CORE"] = Parse(Core),
        ["LINUX"] = Parse(Core),
        ["GNU"] = Parse(
            "=1 NT_GNU_ABI_TAG NT_GNU_HWCAP NT_GNU_BUILD_ID NT_GNU_GOLD_VERSION NT_GNU_PROPERTY_TYPE_0 " +
            "=100 NT_GNU_BUILD_ATTRIBUTE_OPEN NT_GNU_BUILD_ATTRIBUTE_FUNC"),
        ["GA"] = Parse("=100 NT_GNU_BUILD_ATTRIBUTE_OPEN NT_GNU_BUILD_ATTRIBUTE_FUNC"),
        ["stapsdt"] = Parse("=3 NT_STAPSDT"),
        ["Go"] = Parse("=4 NT_GO_BUILDID"),
        ["FDO"] = Parse("=407c0c0a NT_FDO_DLOPEN_METADATA =cafe1a7e NT_FDO_PACKAGING_METADATA"),
        ["Linux"] = Parse("=0 LINUX_VERSION_CODE =100 LINUX_ELFNOTE_BUILD_SALT LINUX_ELFNOTE_LTO_INFO"),
        ["FreeBSD"] = Parse("=1 NT_FREEBSD_ABI_TAG NT_FREEBSD_NOINIT_TAG NT_FREEBSD_ARCH_TAG NT_FREEBSD_FEATURE_CTL"),
        ["NetBSD"] = Parse("=1 NT_NETBSD_IDENT NT_NETBSD_EMULATION =5 NT_NETBSD_MARCH NT_NETBSD_CMODEL"),
        ["PaX"] = Parse("=3 NT_NETBSD_PAX"),
        ["NetBSD-CORE"] = Parse("=1 NT_NETBSDCORE_PROCINFO NT_NETBSDCORE_AUXV =18 NT_NETBSDCORE_LWPSTATUS =20 PT_FIRSTMACH"),
        ["OpenBSD"] = Parse(
            "=1 NT_OPENBSD_IDENT =a NT_OPENBSD_PROCINFO NT_OPENBSD_AUXV =14 NT_OPENBSD_REGS NT_OPENBSD_FPREGS NT_OPENBSD_XFPREGS " +
            "NT_OPENBSD_WCOOKIE"),
        ["DragonFly"] = Parse("=1 NT_DRAGONFLY_ABI_TAG"),
        ["Xen"] = Parse(
            "=0 XEN_ELFNOTE_INFO XEN_ELFNOTE_ENTRY XEN_ELFNOTE_HYPERCALL_PAGE XEN_ELFNOTE_VIRT_BASE XEN_ELFNOTE_PADDR_OFFSET " +
            "XEN_ELFNOTE_XEN_VERSION XEN_ELFNOTE_GUEST_OS XEN_ELFNOTE_GUEST_VERSION XEN_ELFNOTE_LOADER XEN_ELFNOTE_PAE_MODE " +
            "XEN_ELFNOTE_FEATURES XEN_ELFNOTE_BSD_SYMTAB XEN_ELFNOTE_HV_START_LOW XEN_ELFNOTE_L1_MFN_VALID XEN_ELFNOTE_SUSPEND_CANCEL " +
            "XEN_ELFNOTE_INIT_P2M XEN_ELFNOTE_MOD_START_PFN XEN_ELFNOTE_SUPPORTED_FEATURES XEN_ELFNOTE_PHYS32_ENTRY " +
            "=1000001 XEN_ELFNOTE_CRASH_INFO XEN_ELFNOTE_CRASH_REGS"),
        ["Android"] = Parse("=1 NT_ANDROID_TYPE_IDENT =3 NT_ANDROID_TYPE_KUSER NT_ANDROID_TYPE_MEMTAG NT_ANDROID_TYPE_PAD_SEGMENT"),
        ["AMD"] = Parse(
            "=1 NT_AMD_HSA_CODE_OBJECT_VERSION NT_AMD_HSA_HSAIL NT_AMD_HSA_ISA_VERSION =a NT_AMD_HSA_METADATA NT_AMD_HSA_ISA_NAME " +
            "NT_AMD_PAL_METADATA"),
        ["AMDGPU"] = Parse("=20 NT_AMDGPU_METADATA"),
        ["SPU/"] = Parse("=1 NT_SPU"),
        ["QEMU"] = Parse("=0 QEMU_CPU_STATE"),
        ["VMCOREINFO"] = Parse("=0 VMCOREINFO"),
        ["FOSSIL"] = Parse("=deadc0de FOSSIL"),
        ["ElfMmu"] = Parse("=4d4d55 ELFMMU_PROVENANCE"),
    };

    private static readonly Dictionary<uint, string> FreeBsdCore = Parse(
        "=7 NT_THRMISC NT_PROCSTAT_PROC NT_PROCSTAT_FILES NT_PROCSTAT_VMMAP NT_PROCSTAT_GROUPS NT_PROCSTAT_UMASK NT_PROCSTAT_RLIMIT " +
        "NT_PROCSTAT_OSREL NT_PROCSTAT_PSSTRINGS NT_PROCSTAT_AUXV NT_PTLWPINFO =200 NT_X86_SEGBASES");

    private static readonly Dictionary<uint, string> OfAny = Parse(Any);

    /// <summary>The owners that are known. O(owners).</summary>
    public static IEnumerable<string> OwnerNames => Owners.Keys;

    /// <summary>The names that are known, each once. O(names).</summary>
    public static IEnumerable<string> TypeNames => Owners.Values.Append(FreeBsdCore).Append(OfAny).SelectMany(o => o.Values).Distinct();

    /// <summary>The name of a type; NT_0x63 where the number has none. O(1).</summary>
    /// <param name="owner">The note's owner.</param>
    /// <param name="type">Its type.</param>
    /// <param name="isCore">Whether it stands in a core file, where the types of CORE mean the same under other names.</param>
    public static string Name(string owner, uint type, bool isCore)
    {
        if (isCore && owner == "FreeBSD")
        {
            return FreeBsdCore.TryGetValue(type, out string? freeBsd) || Owners["CORE"].TryGetValue(type, out freeBsd) ? freeBsd : Unknown(type);
        }

        if (Owners.TryGetValue(Kind(owner), out Dictionary<uint, string>? names))
        {
            return names.TryGetValue(type, out string? known) ? known
                : owner.StartsWith("NetBSD-CORE", StringComparison.Ordinal) && type > 0x20 ? "PT_FIRSTMACH+" + (type - 0x20).ToString(CultureInfo.InvariantCulture)
                : Unknown(type);
        }

        return (isCore ? Owners["CORE"] : OfAny).TryGetValue(type, out string? name) ? name : Unknown(type);
    }

    // Some owners have a number or a description behind their name.
    private static string Kind(string owner) => owner switch
    {
        _ when owner.StartsWith("NetBSD-CORE@", StringComparison.Ordinal) => "NetBSD-CORE",
        _ when owner.StartsWith("SPU/", StringComparison.Ordinal) => "SPU/",
        _ when owner.StartsWith("GA$", StringComparison.Ordinal) || owner.StartsWith("GA*", StringComparison.Ordinal)
            || owner.StartsWith("GA+", StringComparison.Ordinal) || owner.StartsWith("GA!", StringComparison.Ordinal) => "GA",
        _ => owner,
    };

    private static string Unknown(uint type) => "NT_0x" + type.ToString("x", CultureInfo.InvariantCulture);

    private static Dictionary<uint, string> Parse(string text)
    {
        var names = new Dictionary<uint, string>();
        uint number = 0;
        foreach (string word in text.Split(' '))
        {
            if (word[0] == '=')
            {
                number = uint.Parse(word.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }
            else
            {
                names.Add(number++, word);
            }
        }

        return names;
    }
}
